# How every translation unit of ours is compiled. Third-party code is included as SYSTEM and is not judged.

find_program(PF_CCACHE ccache)
if(PF_CCACHE)
  # The sloppiness is what its manual asks for where headers are compiled before; without it ccache keeps none of those files.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" "${PF_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${PF_CCACHE}")
endif()

set(PF_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread or fuzzer,...")

add_library(pf_compile INTERFACE)
target_compile_options(pf_compile INTERFACE -Wall -Wextra -Wpedantic -Wconversion -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(pf_compile INTERFACE
    -Wshadow # clang's also counts what another file of the same batch names (ProductFlowRoom)
    -Wno-restrict # g++ 12 warns wrongly about std::string operator+ (GCC bug 105651)
    -Wno-subobject-linkage) # says that a file is not compiled by itself, which is so by intent (ProductFlowRoom)
endif()
target_include_directories(pf_compile INTERFACE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}/src")

# Where debug information is linked, mold saves seconds each time. A release is linked by binutils: mold 1.10 leaves out what
# glibc asks of an executable with packed relocations (see below).
find_program(PF_MOLD mold)
if(PF_MOLD AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(pf_compile INTERFACE -fuse-ld=mold)
endif()

# A sanitized build is there to be run, and is built anew by every clean clone: most of its time is the compiler's. clang at
# -O0 compiles it in half of g++'s time (CMakePresets.json chooses it) and runs it for a third longer, which is less; and a
# second compiler reads our code with other eyes. Fuzzers run for long, and are worth -O1. Line tables (-g1) are all that a
# report needs; memory checks as calls compile faster than checks in line. What null, object-size and vptr look for ends in a
# report of the address sanitizer as well, and unaligned words are read as any other by the machines this runs on.
if(PF_SANITIZE)
  target_compile_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}")
  if(PF_SANITIZE MATCHES "fuzzer")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  else()
    set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
  endif()
  if(PF_SANITIZE STREQUAL "address,undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(pf_compile INTERFACE -fno-sanitize=null,alignment,object-size,vptr
      "SHELL:-mllvm -asan-instrumentation-with-call-threshold=0")
    # What -fsanitize=fuzzer-no-link stands for, by its parts: so rooms with and without share the headers read before.
    # The same objects serve tests and fuzzers then, and take a tenth longer to compile.
    set(PF_WATCHED -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)
  endif()
endif()

# -O3 takes a tenth longer to compile than -O2 and runs no faster: what takes long is in the libraries, or memory's fault.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

# Hardening of release builds; tests/build/hardening_test checks the result in the executable.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PF_SANITIZE)
  target_compile_options(pf_compile INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE)
  target_link_options(pf_compile INTERFACE
    -pie -Wl,-z,relro,-z,now,-z,noexecstack -static-libgcc -static-libstdc++)
  # What nothing calls stays out, and so do the names of what only one file knows: 4 MB of 31, and profiles still tell the
  # other functions by name. Addresses that move with the executable are listed as bits (glibc 2.36): another MB.
  target_link_options(pf_compile INTERFACE -Wl,--gc-sections -Wl,--discard-all -Wl,-z,pack-relative-relocs)
endif()

# clang reads in a second or two what most files include; g++ gains nothing by having read it before.
# headers_read_before(TARGET HEADERS [MORE...]): TARGET takes what most files include, and MORE, from the target HEADERS, which
# reads them once. The first that asks makes HEADERS, with its own options: those that share it must be compiled alike.
function(headers_read_before target headers)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
  endif()
  if(NOT TARGET ${headers})
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/${headers}.cpp" CONTENT "")
    add_library(${headers} OBJECT "${CMAKE_BINARY_DIR}/${headers}.cpp")
    target_compile_options(${headers} PRIVATE "$<TARGET_PROPERTY:${target},COMPILE_OPTIONS>")
    target_compile_options(${headers} PRIVATE "SHELL:-Xclang -fno-pch-timestamp") # for ccache
    target_link_libraries(${headers} PRIVATE "$<TARGET_PROPERTY:${target},LINK_LIBRARIES>")
    target_precompile_headers(${headers} PRIVATE <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint>
      <cstdio> <cstdlib> <cstring> <deque> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span>
      <string> <string_view> <thread> <unordered_map> <unordered_set> <utility> <variant> <vector> ${ARGN})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${headers})
endfunction()
