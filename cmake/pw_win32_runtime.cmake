# SPDX-License-Identifier: Apache-2.0
# What libpartywall-win32.so needs besides its modules' objects: its constructor, the functions of the C library that it
# replaces (src/win32_api/library), and the allocator. Include it after the target partywall-win32 exists.
#
# The replaced functions must carry no version of ours: a program asks for malloc or pthread_create with the C library's
# version, and the loader takes another version for another function. So the version script must not match them.
file(GLOB pw_win32_library_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/win32_api/library/*.cpp)
add_library(pw_win32_library OBJECT ${pw_win32_library_sources})
target_link_libraries(pw_win32_library PRIVATE pw_flags)
target_compile_definitions(pw_win32_library PRIVATE PARTYWALL_WIN32_LIBRARY=1)
target_sources(partywall-win32 PRIVATE $<TARGET_OBJECTS:pw_win32_library>)
if(NOT PW_SANITIZE)
  # Position-independent static build of the allocator, whole, so that the program finds its malloc here.
  find_library(PW_JEMALLOC_PIC NAMES libjemalloc_pic.a REQUIRED)
  target_link_libraries(partywall-win32 PRIVATE -Wl,--whole-archive ${PW_JEMALLOC_PIC} -Wl,--no-whole-archive)
endif()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/partywall-win32.map CONTENT
  "PARTYWALL_WIN32_1 { global: [A-Z]*; pw_*; local: _Z*; };\n")
