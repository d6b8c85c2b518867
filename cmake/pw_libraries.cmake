# SPDX-License-Identifier: Apache-2.0
# The shared libraries that users' programs meet: rt (both sides), kernel (drivers), win32 (applications), and the host.
#
# Each exports its names under a version of its own: NtClose of the kernel (for drivers) and NtClose of win32 (for
# applications) are two functions, and an embedded process holds both.
function(pw_shared_library name)
  cmake_parse_arguments(arg "" "" "OBJECTS;LINK" ${ARGN})
  add_library(partywall-${name} SHARED ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  foreach(module ${arg_OBJECTS})
    string(REPLACE ":" ";" parts ${module}) # "channel:client,wire" takes those folders of the module only
    list(GET parts 0 module_name)
    list(LENGTH parts part_count)
    get_target_property(kind pw_${module_name} TYPE)
    if(NOT kind STREQUAL "STATIC_LIBRARY")
      continue()
    endif()
    set(objects "$<TARGET_OBJECTS:pw_${module_name}>")
    if(part_count GREATER 1)
      list(GET parts 1 folders)
      string(REPLACE "," "|" folders ${folders})
      set(objects "$<FILTER:${objects},INCLUDE,/${module_name}/(${folders})[./]>")
    endif()
    target_sources(partywall-${name} PRIVATE ${objects})
    get_target_property(libraries pw_${module_name} PW_EXTERNAL_LIBRARIES)
    if(libraries)
      target_link_libraries(partywall-${name} PRIVATE ${libraries})
    endif()
  endforeach()
  target_link_libraries(partywall-${name} PRIVATE ${arg_LINK} Threads::Threads ${CMAKE_DL_LIBS})
  set(script ${CMAKE_BINARY_DIR}/partywall-${name}.map)
  string(TOUPPER ${name} upper)
  file(CONFIGURE OUTPUT ${script} CONTENT "PARTYWALL_${upper}_1 { global: *; local: _Z*; };\n")
  target_link_options(partywall-${name} PRIVATE -Wl,--version-script=${script} -Wl,-Bsymbolic-functions)
  if(NOT PW_SANITIZE) # a sanitizer's run-time is found when the program starts
    target_link_options(partywall-${name} PRIVATE -Wl,-z,defs)
  endif()
  set_target_properties(partywall-${name} PROPERTIES LINK_DEPENDS ${script} BUILD_RPATH "$ORIGIN" INSTALL_RPATH "$ORIGIN")
  install(TARGETS partywall-${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/partywall)
endfunction()

# base and platform hold no state: each library carries its own copy. The state of the C run-time and of structured
# exceptions (handlers, frames) lives in rt alone.
pw_shared_library(rt OBJECTS base platform crt exceptions)
pw_shared_library(kernel
  OBJECTS base security_format platform rtl dispatcher objects security registry processes memory io files services verifier wdk_api channel host
  LINK partywall-rt)
# (crt:utf and rtl:letter_case are pure text conversion, no state)
pw_shared_library(win32 OBJECTS base security_format platform crt:utf rtl:letter_case channel:client,wire win32_api LINK partywall-rt)

include(pw_win32_runtime)

add_executable(partywall-host ${CMAKE_SOURCE_DIR}/cmake/host_main.cpp)
target_link_libraries(partywall-host PRIVATE partywall-kernel)
set_target_properties(partywall-host PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/partywall")
install(TARGETS partywall-host RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
