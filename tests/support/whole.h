// Cases that take real files, or every byte of a file, from end to end: `TEST_CASE("..." * whole)`. They run on the release
// build; under sanitizers they would take ten times as long to walk the same lines.
#pragma once

#include <doctest/doctest.h>

namespace pf::test {

inline const doctest::test_suite whole{"whole"};

}  // namespace pf::test
