# SPDX-License-Identifier: Apache-2.0
# Manual pages and completions: generated at each build, from the headers, docs/ and the command itself
# (man/). Without python3, and where the command that was built does not run here, there are none.

find_package(Python3 QUIET COMPONENTS Interpreter)
if(NOT Python3_FOUND OR CMAKE_CROSSCOMPILING)
  message(STATUS "no python3, or another machine's build: no manual pages, and no completions")
  return()
endif()

set(share ${PROJECT_BINARY_DIR}/share)
file(GLOB docs_inputs CONFIGURE_DEPENDS include/leanworker/*.h man/*.py)
add_custom_command(OUTPUT ${share}/stamp
  COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/man/manual.py ${share}/man
    $<TARGET_FILE:leanworker-cli>
  COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/man/completions.py ${share}/completions
    $<TARGET_FILE:leanworker-cli>
  COMMAND ${CMAKE_COMMAND} -E touch ${share}/stamp
  DEPENDS leanworker-cli ${docs_inputs} src/parent/explain.c docs/protocol.md docs/environment.md
    docs/chaos.md examples/worker_streaming.c
  COMMENT "Manual pages and completions")
add_custom_target(docs ALL DEPENDS ${share}/stamp)

set(zsh_folder site-functions)
if(LW_PACKAGES)
  set(zsh_folder vendor-completions)
endif()
install(DIRECTORY ${share}/man/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT tools)
install(DIRECTORY ${share}/man/man3 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT dev)
install(FILES ${share}/man/man7/leanworker-environment.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7
  COMPONENT tools)
install(FILES ${share}/man/man7/leanworker-protocol.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7
  COMPONENT dev)
install(FILES ${share}/completions/bash/leanworker
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tools)
install(FILES ${share}/completions/zsh/_leanworker
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder} COMPONENT tools)
install(FILES ${share}/completions/fish/leanworker.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tools)

if(LW_PACKAGES) # Debian wants its pages compressed, and links to them named likewise
  foreach(component dev tools)
    install(SCRIPT cmake/debian/compress_pages.cmake COMPONENT ${component})
  endforeach()
endif()
