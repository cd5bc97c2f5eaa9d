#include "api/limits.h"

#include <doctest/doctest.h>

using namespace pf;

TEST_CASE("limits: a product or text beyond one's own is forbidden, by name, and not called a fault of the body") {
  catalog::Model model;
  const access::Limits limits{.categories = {"clothing"}, .locales = {"nl-NL"}};
  catalog::ProductChange change;
  change.title = "Overhemd";
  CHECK(api::may_write_product(limits, model, {"clothing/shirts"}, "nl-NL", change).ok());
  const auto elsewhere = api::may_write_product(limits, model, {"toys"}, "nl-NL", change);
  REQUIRE_FALSE(elsewhere.ok());
  CHECK(elsewhere.error().code == ErrorCode::forbidden);
  CHECK(elsewhere.error().faults[0].field == "categories");
  const auto tongue = api::may_write_product(limits, model, {"clothing"}, "de-DE", change);
  REQUIRE_FALSE(tongue.ok());
  CHECK(tongue.error().code == ErrorCode::forbidden);
  CHECK(tongue.error().message.find("de-DE") != std::string::npos);
  // An attribute that has a value for each language is a text of the call's.
  catalog::ProductChange slogan;
  slogan.attributes = {{"slogan", "Gut"}, {"size", "M"}};
  CHECK(api::may_write_product(limits, model, {"clothing"}, "de-DE", slogan).ok());
  model.attributes.emplace("slogan", catalog::known_attribute({.code = "slogan", .localisable = true}, 1));
  CHECK_FALSE(api::may_write_product(limits, model, {"clothing"}, "de-DE", slogan).ok());
  CHECK(api::may_write_product(limits, model, {"clothing"}, "nl-NL", slogan).ok());
}
