# room(NAME SOURCES a.cpp ... LOOKS_AT lower_room ... USES third_party_target ...)
#   A folder under src/ as one static library. LOOKS_AT names the rooms whose headers it may include and is the
#   only way to them at link time; tests/structure follows the #include lines and names every step upwards.
function(room name)
  cmake_parse_arguments(R "" "" "SOURCES;LOOKS_AT;USES" ${ARGN})
  list(TRANSFORM R_LOOKS_AT PREPEND pf_)
  if(R_SOURCES)
    add_library(pf_${name} STATIC ${R_SOURCES})
    target_link_libraries(pf_${name} PUBLIC pf_compile ${R_LOOKS_AT} PRIVATE ${R_USES})
  else() # a room of headers only
    add_library(pf_${name} INTERFACE)
    target_link_libraries(pf_${name} INTERFACE pf_compile ${R_LOOKS_AT} ${R_USES})
  endif()
endfunction()

# room_test(NAME SOURCES a_test.cpp ... LOOKS_AT room ... [USES target ...])
#   One doctest executable a room, run by ctest under the room's name.
function(room_test name)
  cmake_parse_arguments(T "" "" "SOURCES;LOOKS_AT;USES" ${ARGN})
  add_executable(${name}_test EXCLUDE_FROM_ALL ${T_SOURCES}) # built by room_tests
  list(TRANSFORM T_LOOKS_AT PREPEND pf_)
  target_link_libraries(${name}_test PRIVATE pf_compile pf_test_support ${T_LOOKS_AT} ${T_USES})
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS room)
  add_dependencies(room_tests ${name}_test)
endfunction()
