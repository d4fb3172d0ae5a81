# SPDX-License-Identifier: Apache-2.0
# A room is a folder of src/ and an object library of the same name.

# lw_room(NAME [EXCEPT file...]) - every .c file in the folder, found at each build: the rule is "a
# file in the room's folder belongs to the room", a list could only repeat it or be wrong, and the
# walls test, which reads the folders too, can never see another room than the one that was built.
function(lw_room name)
  cmake_parse_arguments(arg "" "" "EXCEPT" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.c)
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources ${folder}/${file})
  endforeach()
  add_library(lw_${name} OBJECT ${sources})
  target_include_directories(lw_${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  lw_ours(lw_${name})
  if(LW_FUZZ) # what libFuzzer is guided by: the rooms' branches, and not those of a harness
    target_compile_options(lw_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# lw_objects(VARIABLE ROOM...) - the objects of these rooms.
function(lw_objects variable)
  list(TRANSFORM ARGN REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
  set(${variable} ${ARGN} PARENT_SCOPE)
endfunction()
