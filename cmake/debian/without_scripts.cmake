# SPDX-License-Identifier: Apache-2.0
# Run by cpack when the packages are made: it gives each library's package scripts that call ldconfig,
# which Debian's policy leaves to a trigger (in the package too, from cmake/packages.cmake).

foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(folder ${package}.d)
  execute_process(COMMAND dpkg-deb --raw-extract ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${folder}/DEBIAN/postinst ${folder}/DEBIAN/postrm)
  execute_process(COMMAND dpkg-deb --root-owner-group --build ${folder} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${folder})
endforeach()
