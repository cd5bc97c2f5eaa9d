// A shop's door: accounts, sessions and tokens on a real store, with a clock that the test moves and a journal that it
// reads.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "access/access.h"
#include "productflow/text.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

namespace pf::test {

inline const std::string kOwner = "owner@example.com", kPassword = "quiet harbour lantern 42";

// Shows another clock's time, off by what a test says.
struct OffClock final : Clock {
  const Clock& real;
  milliseconds off{};
  explicit OffClock(const Clock& clock) : real(clock) {}
  Time now() const override { return real.now() + off; }
  milliseconds since_boot() const override { return real.since_boot(); }
  std::string boot_id() const override { return real.boot_id(); }
};

struct Door {
  TempFolder folder;
  HandClock clock;                                          // the one that sessions, tickets and tokens go by
  OffClock box{clock};                                      // what the machine shows: the same until a test sets it
  std::vector<std::pair<std::string, std::string>> told{};  // action, object and details
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<access::Access> access;

  Door() { open(); }
  void open() {
    access.reset();
    store.reset();
    store = std::move(*storage::Store::open(folder.path(), access::Access::families(),
                                            {.create_if_missing = true, .free_bytes_reserve = 0}));
    access = std::make_unique<access::Access>(
        *store, clock, box, "a pepper of thirty-two bytes here",
        [this](storage::Write&, const access::Actor&, std::string_view action, std::string_view object,
               json::Value details) -> Result<> {
          told.emplace_back(action, std::string(object) + " " + json::write(details));
          return {};
        },
        // so that a hundred sign-ins take no time
        crypto::PasswordCost{.passes = 1, .memory = 64u << 10});
  }
  // How often the journal was told of it, and about whom or with what in the details.
  std::ptrdiff_t times(std::string_view action, std::string_view about = {}) const {
    return std::ranges::count_if(
        told, [&](const auto& one) { return one.first == action && one.second.find(about) != std::string::npos; });
  }
  Result<access::Account> make_owner(std::string_view email = kOwner, std::string_view password = kPassword) {
    access::Account account;
    PF_TRY(store->write([&](storage::Write& work) -> Result<> {
      PF_LET(account, access->create_owner(work, email, password));
      return {};
    }));
    return account;
  }
  // Invites somebody, who joins with kPassword.
  access::Account join(const std::string& email, const std::string& role, const access::Limits& limits = {}) {
    const auto invited = access->invite(access::system_actor(), {email, "", role, limits});
    REQUIRE_MESSAGE(invited.ok(), (invited.ok() ? "" : invited.error().message));
    const auto joined = access->accept_invitation(invited->first, kPassword, {"192.0.2.1"});
    REQUIRE_MESSAGE(joined.ok(), (joined.ok() ? "" : joined.error().message));
    return *joined;
  }
  // Without a second factor, by password alone.
  Result<access::SignedIn> try_in(std::string_view email, std::string_view password, std::string_view address,
                                  std::string_view device = {}) {
    PF_LET(auto step, access->sign_in(email, password, "", {std::string(address), "", std::string(device), ""}));
    REQUIRE(step.done.has_value());
    return *std::move(step.done);
  }
  access::SignedIn sign_in(std::string_view email = kOwner) {
    auto signed_in = try_in(email, kPassword, "192.0.2.1");
    REQUIRE_MESSAGE(signed_in.ok(), (signed_in.ok() ? "" : signed_in.error().message));
    return *std::move(signed_in);
  }
  Result<std::pair<std::string, access::Token>> token(std::string_view name, const std::vector<std::string>& scopes,
                                                      std::optional<Time> expires_at = {},
                                                      const access::Actor& by = access::system_actor()) {
    return access->create_token(by, {std::string(name), scopes, expires_at, {}});
  }
  static http::Request with_cookie(const std::string& cookie, const std::string& agent = {}) {
    http::Request request{.method = "POST", .target = "/", .path = "/"};
    request.headers.emplace_back("cookie",
                                 "theme=dark; " + std::string(access::kSessionCookie) + "=" + cookie + "; x=y");
    if (!agent.empty()) request.headers.emplace_back("user-agent", agent);
    return request;
  }
  static http::Request with_token(const std::string& token, const std::string& address = "192.0.2.1") {
    http::Request request{.method = "GET", .target = "/", .path = "/"};
    request.headers.emplace_back("authorization", "Bearer " + token);
    request.peer.address = address;
    return request;
  }
  access::Actor actor(const http::Request& request, bool prolong = true) {
    const auto known = access->authenticate(request, prolong);
    REQUIRE(known.ok());
    return *known;
  }
  access::Actor actor(const access::SignedIn& signed_in) { return actor(with_cookie(signed_in.cookie)); }
  // Somebody as he acts, without a session.
  static access::Actor person(const access::Account& account) {
    access::Actor by{
        access::Actor::Kind::user, account.id, account.email, access::all_permissions(), "", false, account.id};
    return by;
  }
  bool comes_in(const access::SignedIn& signed_in, bool prolong = true) {
    return actor(with_cookie(signed_in.cookie), prolong).kind == access::Actor::Kind::user;
  }
  std::string files() {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
      if (entry.is_regular_file()) {
        std::ifstream in(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in), {});
      }
    return all;
  }
};

}  // namespace pf::test
