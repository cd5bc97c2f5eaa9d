# room(NAME [EACH_ALONE] [SELDOM] [PARSES] SOURCES a.cpp ... LOOKS_AT lower_room ... USES third_party_target ...)
#   A folder under src/ as one static library. LOOKS_AT names the rooms whose headers it may include and is the
#   only way to them at link time; tests/structure follows the #include lines and names every step upwards.
#   Some files of a room are compiled together (CMAKE_UNITY_BUILD in CMakePresets.json), which takes a third of the time;
#   EACH_ALONE is for a room whose files use the same short names each for its own; SELDOM for one whose code runs once a
#   command, or waits for the disk, the network and libraries: it is not worth the time of a full optimisation; PARSES for
#   one that reads bytes of strangers: fuzzers see which of its branches an input takes (PF_WATCHED in ProductFlowCompile).
function(room name)
  cmake_parse_arguments(R "EACH_ALONE;SELDOM;PARSES" "" "SOURCES;LOOKS_AT;USES" ${ARGN})
  list(TRANSFORM R_LOOKS_AT PREPEND pf_)
  if(R_SOURCES)
    add_library(pf_${name} STATIC ${R_SOURCES})
    target_link_libraries(pf_${name} PUBLIC pf_compile ${R_LOOKS_AT} PRIVATE ${R_USES})
    headers_read_before(pf_${name} pf_headers)
    if(R_EACH_ALONE)
      set_target_properties(pf_${name} PROPERTIES UNITY_BUILD OFF)
    endif()
    if(R_SELDOM AND NOT PF_SANITIZE)
      target_compile_options(pf_${name} PRIVATE -O1)
    endif()
    if(R_PARSES)
      target_compile_options(pf_${name} PRIVATE ${PF_WATCHED})
    endif()
  else() # a room of headers only
    add_library(pf_${name} INTERFACE)
    target_link_libraries(pf_${name} INTERFACE pf_compile ${R_LOOKS_AT} ${R_USES})
  endif()
endfunction()

# room_test(NAME [WHOLE] SOURCES a_test.cpp ... LOOKS_AT room ... [USES target ...])
#   One doctest executable a room, run by ctest under the room's name. WHOLE says that it has cases of tests/support/whole.h:
#   under sanitizers these are left out; in release they are also a test of their own, NAME_whole.
function(room_test name)
  cmake_parse_arguments(T "WHOLE" "" "SOURCES;LOOKS_AT;USES" ${ARGN})
  add_executable(${name}_test EXCLUDE_FROM_ALL ${T_SOURCES}) # built by room_tests
  # Checks are straight lines: optimised they run no faster, and compile in twice the time.
  target_compile_options(${name}_test PRIVATE -O0 -U_FORTIFY_SOURCE -fPIE)
  list(TRANSFORM T_LOOKS_AT PREPEND pf_)
  target_link_libraries(${name}_test PRIVATE pf_compile pf_test_support ${T_LOOKS_AT} ${T_USES})
  headers_read_before(${name}_test pf_test_headers <doctest/doctest.h>)
  add_dependencies(room_tests ${name}_test)
  if(T_WHOLE AND PF_SANITIZE)
    add_test(NAME ${name} COMMAND ${name}_test --test-suite-exclude=whole)
  else()
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS room)
  if(T_WHOLE)
    set_tests_properties(${name} PROPERTIES COST 40) # seconds: the longest begin first
  endif()
  if(T_WHOLE AND NOT PF_SANITIZE)
    add_test(NAME ${name}_whole COMMAND ${name}_test --test-suite=whole)
    set_tests_properties(${name}_whole PROPERTIES LABELS whole COST 40)
    add_dependencies(whole_tests ${name}_test)
  endif()
endfunction()
