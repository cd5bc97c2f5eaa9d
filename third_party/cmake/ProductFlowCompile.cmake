# How every translation unit of ours is compiled. Third-party code is included as SYSTEM and is not judged.

find_program(PF_CCACHE ccache)
if(PF_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${PF_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${PF_CCACHE}")
endif()

set(PF_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread or fuzzer,...")

add_library(pf_compile INTERFACE)
target_compile_options(pf_compile INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -fno-omit-frame-pointer
  -Wno-restrict # g++ 12 warns wrongly about std::string operator+ (GCC bug 105651)
  -Wno-subobject-linkage) # says that a file is not compiled by itself, which is so by intent (ProductFlowRoom)
target_include_directories(pf_compile INTERFACE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}/src")

find_program(PF_MOLD mold)
if(PF_MOLD)
  target_link_options(pf_compile INTERFACE -fuse-ld=mold)
endif()

# A sanitized build is there to be run, and is built anew by every clean clone. -O1 runs more than twice as fast as -O0;
# line tables (-g1) are all that a report needs; memory checks as calls compile in half the time of checks in line. What
# null, object-size and vptr look for ends in a report of the address sanitizer as well, and unaligned words are read as
# any other by the machines this runs on. -O1 stands here and not in pf_compile so that a target's own options, which come
# later on the command line, may say otherwise.
if(PF_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  target_compile_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}")
  if(PF_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(pf_compile INTERFACE -fno-sanitize=null,alignment,object-size,vptr
      --param=asan-instrumentation-with-call-threshold=0)
  endif()
endif()

# Hardening of release builds; tests/build/hardening_test checks the result in the executable.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PF_SANITIZE)
  target_compile_options(pf_compile INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE)
  target_link_options(pf_compile INTERFACE
    -pie -Wl,-z,relro,-z,now,-z,noexecstack -static-libgcc -static-libstdc++)
endif()
