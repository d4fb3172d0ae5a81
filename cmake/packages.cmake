# SPDX-License-Identifier: Apache-2.0
# Debian packages, with cpack: `make packages`. Where they differ from what `cmake --install` makes
# elsewhere, Debian's policy wants it so.

set(LW_PACKAGER "leanworker <packages@leanworker.invalid>" CACHE STRING
  "Who makes the packages, as NAME <MAIL>")
set(debian ${PROJECT_BINARY_DIR}/debian)
set(library_package libleanworker${LW_ABI_VERSION})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME leanworker)
set(CPACK_PACKAGE_VENDOR leanworker)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGE_CONTACT ${LW_PACKAGER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library dev tools python)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(same_version "(= ${PROJECT_VERSION}-1)")
set(about "leanworker runs compiled Lean 4 code in a supervised child process. A crash,
a hang or a leak there never harms the program that uses the library, rows
stream back while Lean is at work, and every failure has a named cause.")

# lw_package(COMPONENT NAME SECTION TITLE WHAT)
macro(lw_package component name section title what)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${title}\n${about}\n\n${what}")
  lw_package_papers(${component} ${name})
endmacro()

# What each package has to say about itself, below /usr/share/doc.
function(lw_package_papers component name)
  foreach(paper copyright changelog.gz changelog.Debian.gz)
    install(FILES ${debian}/${paper} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${name}
      COMPONENT ${component})
  endforeach()
endfunction()

string(TIMESTAMP today "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/debian/copyright.in ${debian}/copyright @ONLY)
file(WRITE ${debian}/changelog.Debian "leanworker (${PROJECT_VERSION}-1) unstable; urgency=medium

  * What has changed is in changelog.gz, for all packages of leanworker.

 -- ${LW_PACKAGER}  ${today}
")
configure_file(CHANGELOG.md ${debian}/changelog COPYONLY)
file(WRITE ${debian}/triggers "activate-noawait ldconfig\n")
execute_process(COMMAND gzip -9nf changelog changelog.Debian WORKING_DIRECTORY ${debian}
  COMMAND_ERROR_IS_FATAL ANY)

lw_package(library ${library_package} libs
  "Lean code in supervised child processes - library"
  "This package contains the shared library. It starts leanworker-child, which
leanworker-tools brings.")
lw_package(dev libleanworker-dev libdevel
  "Lean code in supervised child processes - development files"
  "This package contains the headers, the static library, the files for
pkg-config and CMake, and the manual pages of the functions.")
lw_package(tools leanworker-tools utils
  "Lean code in supervised child processes - child and command"
  "This package contains the child program that the library starts, the command
leanworker, and a test kit for programs that use the library: a child that
misbehaves on request, and a player of scenarios.")
lw_package(python python3-leanworker python
  "Lean code in supervised child processes - Python module"
  "This package contains the module leanworker for Python 3.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "leanworker-tools ${same_version}")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${debian}/triggers)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/without_scripts.cmake)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${library_package} ${same_version}, libjansson-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "leanworker-tools ${same_version}")
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${library_package} ${same_version}")
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3, python3-cffi, ${library_package} ${same_version}")

include(CPack)
