#include "api/limits.h"

#include <doctest/doctest.h>

using namespace pf;

TEST_CASE("limits: a product or text beyond one's own is forbidden, by name, and not called a fault of the body") {
  const access::Limits limits{.categories = {"clothing"}, .locales = {"nl-NL"}};
  catalog::ProductChange change;
  change.title = "Overhemd";
  CHECK(api::may_write_product(limits, {"clothing/shirts"}, "nl-NL", change).ok());
  const auto elsewhere = api::may_write_product(limits, {"toys"}, "nl-NL", change);
  REQUIRE_FALSE(elsewhere.ok());
  CHECK(elsewhere.error().code == ErrorCode::forbidden);
  CHECK(elsewhere.error().faults[0].field == "categories");
  const auto tongue = api::may_write_product(limits, {"clothing"}, "de-DE", change);
  REQUIRE_FALSE(tongue.ok());
  CHECK(tongue.error().code == ErrorCode::forbidden);
  CHECK(tongue.error().message.find("de-DE") != std::string::npos);
}
