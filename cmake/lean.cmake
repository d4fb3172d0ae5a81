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
lw_lean_library(primes_Primes ${PROJECT_SOURCE_DIR}/examples/tutorial)

# Paths are relative to the manifest.
function(lw_lean_manifest file library package module)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
{
  "leanworker_capability": 1,
  "host": "lean",
  "library": "lib@library@.so",
  "dependencies": ["libleanworker_LeanWorker.so"],
  "package": "@package@",
  "module": "@module@",
  "runtime": "libleanrt.so"
}
]])
endfunction()
set(LW_FIXTURE_MANIFEST ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/interop.capability.json)
lw_lean_manifest(${LW_FIXTURE_MANIFEST} leanworker_x2dfixture_Interop leanworker-fixture Interop)
# What the recipes and the README run.
lw_lean_manifest(${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/primes.capability.json primes_Primes primes Primes)

include(${PROJECT_SOURCE_DIR}/cmake/native.cmake)
