# SPDX-License-Identifier: Apache-2.0
# How our own C is compiled. Emitted C is not ours and gets none of the warnings (cmake/lean.cmake).

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

set(LW_SANITIZED OFF)
if(CMAKE_C_FLAGS MATCHES "-fsanitize=")
  set(LW_SANITIZED ON)
endif()

add_library(lw_warnings INTERFACE)
target_compile_options(lw_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla -Wundef -Wredundant-decls -Wdouble-promotion
  -Wimplicit-fallthrough
  $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond;-Wduplicated-branches;-Wlogical-op;-Wjump-misses-init>
  $<$<BOOL:${LW_WERROR}>:-Werror>)

# Release builds are hardened; dev builds are not, so that sanitizers and debuggers see plain code.
add_library(lw_hardening INTERFACE)
if(NOT LW_DEV)
  target_compile_options(lw_hardening INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    target_compile_options(lw_hardening INTERFACE -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    target_compile_options(lw_hardening INTERFACE -mbranch-protection=standard)
  endif()
endif()
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

# lw_ours(TARGET) - this target is our code: our dialect, our warnings, our visibility.
function(lw_ours target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE $<$<BOOL:${LW_DEV}>:LW_DEV=1>)
  target_link_libraries(${target} PRIVATE lw_warnings lw_hardening)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden)
endfunction()
