# SPDX-License-Identifier: Apache-2.0
# Native capabilities that misbehave, or cannot be opened, and the one in the documentation.

set(guests ${CMAKE_CURRENT_LIST_DIR})

lw_native_library(native_guest ${guests}/native_guest.c)
lw_native_library(native_hostile ${guests}/native_hostile.c)
target_include_directories(native_hostile PRIVATE ${PROJECT_SOURCE_DIR}/src)
lw_native_library(native_code ${guests}/native_code.c)
foreach(way BROKEN_NAME BROKEN_DEPENDENCY BROKEN_ABI BROKEN_TWICE NEEDS_ANSWER PROVIDES_ANSWER)
  string(TOLOWER native_${way} name)
  lw_native_library(${name} ${guests}/native_broken.c)
  target_compile_definitions(${name} PRIVATE ${way}=1)
endforeach()
target_link_libraries(native_broken_dependency PRIVATE native_guest)

# The first C block of the page.
set(page ${PROJECT_SOURCE_DIR}/docs/native-capabilities.md)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
file(READ ${page} text)
string(FIND "${text}" "```c\n" begin)
math(EXPR begin "${begin} + 5")
string(SUBSTRING "${text}" ${begin} -1 text)
string(FIND "${text}" "```\n" end)
string(SUBSTRING "${text}" 0 ${end} text)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/hello.c CONTENT "${text}" @ONLY)

lw_native_library(hello ${CMAKE_CURRENT_BINARY_DIR}/hello.c)
set_target_properties(hello PROPERTIES C_STANDARD 11)
file(CONFIGURE OUTPUT ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/hello.capability.json @ONLY
  CONTENT "{\"leanworker_capability\": 1, \"host\": \"native\", \"library\": \"libhello.so\"}\n")

# The header in strict C11 and in C++17, as guests of others include it. C++ is no language of this
# project: without a compiler for it that half is left out.
find_program(LW_CXX NAMES c++ g++ clang++)
set(strict -fsyntax-only -Wall -Wextra -pedantic -Werror -I${PROJECT_SOURCE_DIR}/include
  ${CMAKE_CURRENT_BINARY_DIR}/hello.c)
add_test(NAME unit.guest_header_c11 COMMAND ${CMAKE_C_COMPILER} -std=c11 -x c ${strict})
set_tests_properties(unit.guest_header_c11 PROPERTIES LABELS unit TIMEOUT 60)
if(LW_CXX)
  add_test(NAME unit.guest_header_cxx17 COMMAND ${LW_CXX} -std=c++17 -x c++ ${strict})
  set_tests_properties(unit.guest_header_cxx17 PROPERTIES LABELS unit TIMEOUT 60)
endif()
