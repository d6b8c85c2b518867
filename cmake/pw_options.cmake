# SPDX-License-Identifier: Apache-2.0
# Options and flags that every module shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON) # __int128, statement expressions in platform code
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

set(PW_SANITIZE "" CACHE STRING "Sanitizers to build with: empty, 'address' (with undefined) or 'thread'")
option(PW_FUZZ "Build the fuzz targets with libFuzzer (clang); see fuzz/README.md" OFF)
option(PW_WERROR "Treat warnings as errors" ON)

find_program(PW_CCACHE ccache)
if(PW_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${PW_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PW_CCACHE})
endif()

add_library(pw_flags INTERFACE)
target_include_directories(pw_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
# The NT headers count as system headers for our own warnings: they are written for users' warning levels.
target_include_directories(pw_flags SYSTEM INTERFACE ${CMAKE_SOURCE_DIR}/include/shared ${CMAKE_SOURCE_DIR}/include/wdk)
target_compile_definitions(pw_flags INTERFACE PARTYWALL_BUILD=1 _GNU_SOURCE=1 PW_VERSION="${PROJECT_VERSION}")
target_compile_options(pw_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wno-invalid-offsetof>
  # gcc 12's false alarm for operator+ of strings at -O2 (GCC bug 105651).
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-stringop-overflow;-Wno-array-bounds>"
  # Objects hand the address of their own body to their base; clang takes that for a use of the body.
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-gnu-zero-variadic-macro-arguments -Wno-gnu-statement-expression -Wno-nullability-extension -Wno-uninitialized>
  $<$<BOOL:${PW_WERROR}>:-Werror>
  -fno-strict-aliasing -fno-omit-frame-pointer -g)
# NT structures are read through several types by design (LIST_ENTRY, unions), hence -fno-strict-aliasing.
if(PW_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-maybe-uninitialized) # gcc's flow analysis gives false alarms in instrumented code
endif()
if(PW_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(PW_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(PW_SANITIZE)
  message(FATAL_ERROR "PW_SANITIZE is '${PW_SANITIZE}'; it takes 'address' or 'thread'")
endif()
if(PW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(PW_MOLD mold)
if(PW_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT PW_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
find_package(Threads REQUIRED)
