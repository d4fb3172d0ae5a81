# SPDX-License-Identifier: Apache-2.0
# The capabilities that demo and tests run, from the C that the Lean compiler emitted (kept beside
# the Lean sources), and the checking runtime that stands in for Lean.

add_subdirectory(tests/leanrt)

# lw_lean_library(NAME ROOT) - the C below ROOT as one shared library, named and linked as Lake
# would: default visibility, and the runtime's symbols left open, because a Lake-built library does
# not name libleanshared. Warnings are off: nobody can mend emitted C.
function(lw_lean_library name root)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/*.c)
  list(FILTER sources EXCLUDE REGEX "/\\.lake/")
  add_library(${name} SHARED ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/leanrt/include
    ${PROJECT_SOURCE_DIR}/src)
  target_compile_options(${name} PRIVATE -w -fvisibility=default)
endfunction()

lw_lean_library(leanworker_LeanWorker ${PROJECT_SOURCE_DIR}/lean)
lw_lean_library(leanworker_x2dfixture_Interop ${PROJECT_SOURCE_DIR}/fixtures/interop)
lw_lean_library(leanworker_x2dimports_Imports ${PROJECT_SOURCE_DIR}/fixtures/imports)

# Paths are relative to the manifest.
set(LW_FIXTURE_MANIFEST ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/interop.capability.json)
file(CONFIGURE OUTPUT ${LW_FIXTURE_MANIFEST} @ONLY CONTENT [[
{
  "leanworker_capability": 1,
  "host": "lean",
  "library": "libleanworker_x2dfixture_Interop.so",
  "dependencies": ["libleanworker_LeanWorker.so"],
  "package": "leanworker-fixture",
  "module": "Interop",
  "runtime": "libleanrt.so"
}
]])

include(${PROJECT_SOURCE_DIR}/cmake/native.cmake)
