# SPDX-License-Identifier: Apache-2.0
# Capabilities in C: the fixture that documentation and tests use, as its users would build it, with
# its manifest beside it.

# lw_native_library(NAME SOURCE...) - a capability against leanworker/guest.h; it links nothing of ours.
function(lw_native_library name)
  add_library(${name} SHARED ${ARGN})
  lw_ours(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/include)
endfunction()

lw_native_library(counter ${PROJECT_SOURCE_DIR}/fixtures/native/counter.c)

file(CONFIGURE OUTPUT ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/counter.capability.json @ONLY CONTENT [[
{
  "leanworker_capability": 1,
  "host": "native",
  "library": "libcounter.so"
}
]])
