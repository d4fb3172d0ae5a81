# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, by component: library, dev, tools and python are also the Debian packages
# (cmake/packages.cmake). An installed tree may be moved: .pc and CMake files find the rest from where they are.

include(CMakePackageConfigHelpers)

install(TARGETS leanworker EXPORT leanworker
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT dev
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS leanworker_static EXPORT leanworker
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/leanworker DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
  FILES_MATCHING PATTERN "*.h")
install(TARGETS leanworker-cli leanworker-scenario
  DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
install(TARGETS leanworker-child leanworker-chaos
  DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/leanworker COMPONENT tools)
# The Lake package: authors of capabilities require it, and `leanworker stream --project` builds it.
install(DIRECTORY lean/ DESTINATION ${CMAKE_INSTALL_DATADIR}/leanworker/lean COMPONENT tools
  PATTERN ".*" EXCLUDE PATTERN "*.profraw" EXCLUDE)

# --- find_package(leanworker): the targets leanworker::leanworker and leanworker::static ----------

set_target_properties(leanworker_static PROPERTIES EXPORT_NAME static)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/leanworker)
install(EXPORT leanworker NAMESPACE leanworker:: FILE leanworker-config.cmake
  DESTINATION ${config_folder} COMPONENT dev)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(leanworker-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/leanworker-config-version.cmake
  DESTINATION ${config_folder} COMPONENT dev)

# --- pkg-config: where things are, seen from the .pc file and from the prefix ---------------------

set(pc_folder ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${pc_folder}
  OUTPUT_VARIABLE LW_PC_PREFIX)
foreach(kind INCLUDE LIB LIBEXEC)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_${kind}DIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
    OUTPUT_VARIABLE LW_PC_${kind})
endforeach()
configure_file(cmake/leanworker.pc.in leanworker.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/leanworker.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT dev)

if(LW_PACKAGES)
  install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/libleanworker-dev COMPONENT dev)
else()
  install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT dev)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT dev)
endif()
