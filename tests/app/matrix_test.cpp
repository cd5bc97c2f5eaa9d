// Who may pass where: every route of the real house, for nobody, every role and limited people, through real sessions.
// Nothing is done: whoever is let through the guard is stopped by a parameter or a body that no row takes.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "app/house.h"
#include "gate/router.h"
#include "productflow/text.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

const std::string kPassword = "quiet harbour lantern 42";

struct Shop {
  test::TempFolder folder;
  test::HandClock clock;
  std::unique_ptr<app::House> house;
  std::map<std::string, access::SignedIn> people;

  Shop() {
    auto opened = app::House::open(folder.path() / "shop", true, clock);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    house = *std::move(opened);
    REQUIRE(house->store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_TRY(house->access->create_owner(work, "owner@example.com", kPassword));
                  return {};
                })
                .ok());
    sign_in("owner", "owner@example.com");
    for (const auto& role : house->access->roles())
      if (role.name != access::kOwnerRole) join(role.name, role.name, {});
  }
  void join(const std::string& as, const std::string& role, const access::Limits& limits) {
    const std::string email = as + "@example.com";
    const auto invited = house->access->invite(access::system_actor(), {email, "", role, limits});
    REQUIRE(invited.ok());
    REQUIRE(house->access->accept_invitation(invited->first, kPassword, {"192.0.2.1"}).ok());
    sign_in(as, email);
  }
  void sign_in(const std::string& as, const std::string& email) {
    auto step = house->access->sign_in(email, kPassword, "", {"192.0.2.1"});
    REQUIRE(step.ok());
    people[as] = *std::move(step->done);
  }
  http::Request request(const gate::Row& row, const std::string& as, const std::string& id = "1") const {
    http::Request out{.method = std::string(gate::method_name(row.method))};
    for (const auto segment : split(row.path, '/'))
      if (!segment.empty()) out.path += "/" + (segment.starts_with('{') ? percent_encode(id) : std::string(segment));
    out.target = out.path;
    out.peer.address = "192.0.2.1";
    if (const auto person = people.find(as); person != people.end()) {
      out.headers.emplace_back("cookie", std::string(access::kSessionCookie) + "=" + person->second.cookie);
      out.headers.emplace_back("x-csrf-token", person->second.csrf);
    }
    return out;
  }
  // Through the guard and no further.
  int knock(const gate::Row& row, const std::string& as) {
    auto asked = request(row, as);
    asked.query = "no_such_parameter=1";
    asked.target += "?" + asked.query;
    return house->gate->handle(asked).status;
  }
  // Through the guard and to the object, and no further: a body that no row takes.
  int reach(const gate::Row& row, const std::string& as, const std::string& id) {
    auto asked = request(row, as, id);
    asked.headers.emplace_back("content-type", "application/x-strange");
    asked.body = "x";
    return house->gate->handle(asked).status;
  }
};

std::string name_of(const gate::Row& row) {
  return std::string(gate::method_name(row.method)) + " " + row.path;
}

}  // namespace

TEST_CASE("matrix: nobody comes in, and every role exactly where its permissions lead") {
  Shop shop;
  std::size_t refused = 0, passed = 0, strange_changes = 0;
  for (const gate::Row& row : shop.house->gate->rows()) {
    if (row.permission == access::Permission::none) continue;
    // A stranger may try so many changes in a minute.
    if (row.method != gate::Method::get && ++strange_changes % (gate::kStrangerChangesPerMinute - 1) == 0)
      shop.clock.pass(std::chrono::minutes{1});
    CHECK_MESSAGE(shop.knock(row, "nobody") == 401, name_of(row));
    for (const auto& role : shop.house->access->roles()) {
      const bool may =
          row.permission == access::Permission::signed_in || role.may.test(static_cast<std::size_t>(row.permission));
      const bool too_much =
          !role.limits.personal.empty() && row.permission == access::Permission::buyer_reveal && !row.keeps.personal;
      const int status = shop.knock(row, role.name);
      CHECK_MESSAGE(status == (may && !too_much ? 422 : 403), name_of(row) << " as " << role.name << ": " << status);
      ++(status == 422 ? passed : refused);
    }
  }
  MESSAGE(refused << " refused, " << passed << " let through the guard");
  CHECK(refused > 250);
  CHECK(passed > 150);
}

TEST_CASE("matrix: built-in roles stay small") {
  Shop shop;
  using P = access::Permission;
  const auto may = [&](const char* name, P permission) {
    for (const auto& role : access::built_in_roles())
      if (role.name == name) return role.may.test(static_cast<std::size_t>(permission));
    return false;
  };
  for (const auto& role : access::built_in_roles()) {
    if (role.name == "owner") continue;
    for (const P dangerous : {P::users, P::tokens, P::vault_manage})
      CHECK_FALSE_MESSAGE(may(role.name.c_str(), dangerous), role.name);
  }
  for (const char* name : {"catalogue_editor", "auditor", "read_only"}) CHECK_FALSE(may(name, P::buyer_reveal));
  for (const char* name : {"auditor", "read_only"})
    for (const gate::Row& row : shop.house->gate->rows())
      if (row.method != gate::Method::get && row.permission != P::none && row.permission != P::signed_in)
        CHECK_FALSE_MESSAGE(may(name, row.permission), name << " may " << name_of(row));
}

TEST_CASE("matrix: dangerous actions ask again after five minutes, whoever asks") {
  Shop shop;
  std::set<std::string> dangerous;
  for (const gate::Row& row : shop.house->gate->rows())
    if (row.fresh_sign_in) dangerous.insert(name_of(row));
  for (const char* named : {"GET /api/v1/order/{id}/customer",
                            "GET /api/v1/paper/address-label",
                            "GET /api/v1/carrier-file",
                            "POST /api/v1/buyer/export",
                            "POST /api/v1/buyer/erase",
                            "POST /api/v1/user",
                            "PATCH /api/v1/user/{id}",
                            "DELETE /api/v1/user/{id}",
                            "POST /api/v1/role",
                            "PUT /api/v1/role/{name}",
                            "PUT /api/v1/policy",
                            "POST /api/v1/token",
                            "DELETE /api/v1/token/{id}",
                            "POST /api/v1/client",
                            "DELETE /api/v1/product/{sku}",
                            "DELETE /api/v1/asset/{id}",
                            "POST /api/v1/vault/purge",
                            "POST /api/v1/backup",
                            "POST /api/v1/totp",
                            "POST /api/v1/passkey",
                            "POST /api/v1/access-review",
                            "PUT /api/v1/audit/retention",
                            "POST /api/v1/webhook",
                            "PATCH /api/v1/webhook/{id}",
                            "POST /api/v1/webhook/{id}/secret",
                            "PUT /api/v1/webhook-host/{host}",
                            "POST /api/v1/export-profile/{id}/feed"})
    CHECK_MESSAGE(dangerous.contains(named), named);
  shop.clock.pass(access::kSudoWindow);
  for (const gate::Row& row : shop.house->gate->rows())
    if (row.fresh_sign_in) CHECK_MESSAGE(shop.knock(row, "owner") == 403, name_of(row));
}

TEST_CASE("matrix: whoever is limited finds his own objects and no others, on every row") {
  Shop shop;
  auto& house = *shop.house;
  shop.join("bol_only", "manager", {.channels = {"bol"}});
  shop.join("shirts_only", "manager", {.categories = {"clothing/shirts"}});
  std::map<std::string, std::string> orders, returns, batches;
  REQUIRE(house.store
              ->write([&](storage::Write& work) {
                return house.stock->set_available(work, access::system_actor(), "S-2", 2);
              })
              .ok());
  for (const char* channel : {"bol", "amazon"}) {
    orders::PlaceOrder order;
    order.channel = channel;
    order.channel_order_id = "M-1";
    order.currency = *Currency::parse("EUR");
    order.lines.push_back({.sku = "S-1", .title = "Shirt", .quantity = 1});
    const auto placed = house.orders->place(access::system_actor(), order, orders::StockPolicy::backorder);
    REQUIRE_MESSAGE(placed.ok(), (placed.ok() ? "" : placed.error().message));
    orders[channel] = std::to_string(placed->id.raw());
    // Sent by the channel itself, so that it may come back.
    order.channel_status = "shipped";
    REQUIRE(house.orders->place(access::system_actor(), order, orders::StockPolicy::backorder).ok());
    const auto asked = house.returns->request(access::system_actor(), {.order = placed->id});
    REQUIRE_MESSAGE(asked.ok(), (asked.ok() ? "" : asked.error().message));
    returns[channel] = std::to_string(asked->ret.id.raw());
    order.channel_status.reset();
    order.channel_order_id = "M-2";
    order.lines[0].sku = "S-2";
    const auto ready = house.orders->place(access::system_actor(), order, orders::StockPolicy::backorder);
    REQUIRE_MESSAGE(ready.ok(), (ready.ok() ? "" : ready.error().message));
    const auto batch = house.batches->start(access::system_actor(), std::vector{ready->id});
    REQUIRE_MESSAGE(batch.ok(), (batch.ok() ? "" : batch.error().message));
    batches[channel] = std::to_string(batch->id.raw());
  }
  for (const auto& [sku, category] :
       {std::pair<std::string, std::string>{"S-1", "clothing/shirts/blue"}, {"T-1", "toys"}}) {
    catalog::ProductChange change;
    change.title = sku;
    change.categories = {category};
    REQUIRE(house.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto parsed, catalog::parse_sku(sku));
                  PF_TRY(house.products->change(work, access::system_actor(), parsed, change,
                                                catalog::WriteMode::upsert, ""));
                  return {};
                })
                .ok());
  }
  std::size_t objects = 0;
  for (const gate::Row& row : house.gate->rows()) {
    const bool of_order = row.path.starts_with("/api/v1/order/{id}");
    const bool of_product = row.path.find("/{sku}") != std::string::npos;
    const bool of_return = row.path.starts_with("/api/v1/return/{id}");
    const bool of_batch = row.path.starts_with("/api/v1/batch/{id}");
    if (of_order || of_product || of_return || of_batch) {
      CHECK_MESSAGE(row.object, name_of(row) << " does not ask whose it is");
      ++objects;
      const std::string who = of_product ? "shirts_only" : "bol_only";
      auto& numbers = of_order ? orders : of_batch ? batches : returns;
      const std::string own = of_product ? "S-1" : numbers["bol"], foreign = of_product ? "T-1" : numbers["amazon"];
      CHECK_MESSAGE(shop.reach(row, who, foreign) == 404, name_of(row));
      const int reached = shop.reach(row, who, own);
      CHECK_MESSAGE((reached == 415 || reached == 422), name_of(row) << ": " << reached);
      const int other = shop.reach(row, of_product ? "bol_only" : "shirts_only", foreign);
      CHECK_MESSAGE((other == 415 || other == 422), name_of(row) << ": " << other);
    } else if (row.permission != access::Permission::none) {
      // A row that does not keep to a limit lets nobody in who has it.
      if (!row.keeps.channels) CHECK_MESSAGE(shop.knock(row, "bol_only") == 403, name_of(row));
      if (!row.keeps.categories) CHECK_MESSAGE(shop.knock(row, "shirts_only") == 403, name_of(row));
    }
  }
  CHECK(objects > 30);

  const auto body = [&](const char* path, const char* as) {
    for (const gate::Row& row : house.gate->rows())
      if (row.path == path && row.method == gate::Method::get) return house.gate->handle(shop.request(row, as)).body;
    return std::string();
  };
  CHECK(body("/api/v1/order", "bol_only").find("\"total\":2") != std::string::npos);
  CHECK(body("/api/v1/batch", "bol_only").find("\"orders\":1") != std::string::npos);
  CHECK(body("/api/v1/batch", "bol_only").find("\"id\":\"" + batches["amazon"] + "\"") == std::string::npos);
  CHECK(body("/api/v1/order", "bol_only").find("amazon") == std::string::npos);
  CHECK(body("/api/v1/order", "shirts_only").find("amazon") != std::string::npos);
  CHECK(body("/api/v1/return", "bol_only").find("\"total\":1") != std::string::npos);
  CHECK(body("/api/v1/return", "bol_only").find("amazon") == std::string::npos);
  CHECK(body("/api/v1/product", "shirts_only").find("T-1") == std::string::npos);
  CHECK(body("/api/v1/product", "shirts_only").find("S-1") != std::string::npos);
  CHECK(body("/api/v1/category", "shirts_only").find("toys") == std::string::npos);
  CHECK(body("/api/v1/dashboard", "bol_only").find("to_ship") == std::string::npos);
}
