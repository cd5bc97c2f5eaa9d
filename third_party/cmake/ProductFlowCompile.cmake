# How every translation unit of ours is compiled. Third-party code is included as SYSTEM and is not judged.

find_program(PF_CCACHE ccache)
if(PF_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${PF_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${PF_CCACHE}")
endif()

set(PF_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread or fuzzer,...")

add_library(pf_compile INTERFACE)
target_compile_options(pf_compile INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -fno-omit-frame-pointer
  -Wno-restrict) # g++ 12 warns wrongly about std::string operator+ (GCC bug 105651)
target_include_directories(pf_compile INTERFACE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}/src")

find_program(PF_MOLD mold)
if(PF_MOLD)
  target_link_options(pf_compile INTERFACE -fuse-ld=mold)
endif()

# A sanitized build is there to be run: -O1 runs more than twice as fast as -O0, and line tables (-g1) are all that a
# sanitizer's report needs of the debug information.
if(PF_SANITIZE)
  target_compile_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}" -fno-sanitize-recover=all -O1 -g1)
  target_link_options(pf_compile INTERFACE "-fsanitize=${PF_SANITIZE}")
endif()

# Hardening of release builds; tests/build/hardening_test checks the result in the executable.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PF_SANITIZE)
  target_compile_options(pf_compile INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE)
  target_link_options(pf_compile INTERFACE
    -pie -Wl,-z,relro,-z,now,-z,noexecstack -static-libgcc -static-libstdc++)
endif()
