# SPDX-License-Identifier: Apache-2.0
# What an installation holds besides its programs and libraries: headers for drivers and applications, samples, documents.
# partywall finds them from its own place: <prefix>/bin beside <prefix>/include/partywall.
foreach(side shared wdk win32 partywall)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/${side} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/partywall)
endforeach()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/samples DESTINATION ${CMAKE_INSTALL_DATADIR}/partywall)
install(FILES README.md CHANGELOG.md LICENSE docs/first-steps.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
