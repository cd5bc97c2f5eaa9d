// The vault's key over HTTP: sealed, unsealed, changed; and how long a channel's buyers are kept.
#include "api/rows.h"
#include "api/shapes.h"
#include "api/vault_api.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct VaultKeyRooms {
  storage::Store& store;
  vault::Vault& vault;
};

// Takes a secret out of what was read, into locked memory.
crypto::SecretBytes taken(std::optional<std::string>& text) {
  if (!text) return {};
  auto secret = crypto::SecretBytes::copy_of(*text);
  crypto::wipe(*text);
  return secret;
}

Answer key_answer(const VaultKeyRooms& rooms) {
  const auto status = rooms.vault.status();
  return {.body = data(
              json::Value::object({{"sealed", status.sealed},
                                   {"sealed_because", status.sealed_because},
                                   {"key", json::Value::object({{"provider", vault::provider_name(status.provider)},
                                                                {"place", status.key_place}})}})),
          .headers = {{"cache-control", "no-store"}}};
}

Result<Answer> seal(const VaultKeyRooms& rooms, const Call& call) {
  PF_TRY(rooms.vault.seal_up(call.actor));
  return key_answer(rooms);
}

struct UnsealBody {
  std::optional<std::string> passphrase;
  std::optional<std::vector<std::string>> shares;
  template <class V>
  void fields(V& visit) {
    visit("passphrase", passphrase, "Of a vault that is under one.");
    visit("shares", shares, "Two of the three, of a vault that is under shares.");
  }
};

Result<Answer> unseal(const VaultKeyRooms& rooms, const Call& call) {
  PF_LET(auto body, json::read_fields<UnsealBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  vault::KeyOffer offer;
  offer.passphrase = taken(body.passphrase);
  if (body.shares) offer.shares = *std::move(body.shares);
  PF_TRY(rooms.vault.unseal(call.actor, offer));
  return key_answer(rooms);
}

Result<Answer> shares(const VaultKeyRooms&, const Call&) {
  json::Value list = json::Value::array();
  for (const std::string& share : vault::new_shares()) list.push(share);
  return Answer{.body = data(json::Value::object({{"shares", std::move(list)}})),
                .headers = {{"cache-control", "no-store"}}};
}

struct KeyBody {
  std::string provider;
  std::optional<std::string> path, name, passphrase;
  std::optional<std::vector<std::string>> shares;
  template <class V>
  void fields(V& visit) {
    visit("provider", provider, "key_file, passphrase, credential or shares.");
    visit("path", path, "Where the key file is made; beside the ring when absent. Only from the box's command line.");
    visit("name", name, "The credential's name in the systemd unit; productflow-master when absent.");
    visit("passphrase", passphrase, "At least 16 characters.");
    visit("shares", shares, "Two of the three that POST /api/v1/vault/share gave: whoever sends them has noted them.");
  }
};

Result<Answer> change_key(const VaultKeyRooms& rooms, const Call& call) {
  PF_LET(auto body, json::read_fields<KeyBody>(call.body));
  const auto provider = vault::provider_named(body.provider);
  if (!provider) return invalid("provider", "unknown", "The provider is key_file, passphrase, credential or shares.");
  vault::KeyChange change{.provider = *provider};
  const bool on_the_box = call.actor.kind == access::Actor::Kind::local_admin;
  if (*provider == vault::KeyProvider::key_file) {
    // What names files of the box is not for the network; a file that the owner named on the box may be renewed.
    const auto status = rooms.vault.status();
    const bool same = status.provider == vault::KeyProvider::key_file && body.path == status.key_place;
    if (body.path && !body.path->empty() && !same && !on_the_box)
      return error(ErrorCode::forbidden,
                   "A key file is placed from the box's own command line: productflow vault key.");
    change.place = body.path.value_or("");
  }
  if (*provider == vault::KeyProvider::credential) change.place = body.name.value_or("");
  change.passphrase = taken(body.passphrase);
  if (body.shares) change.shares = *std::move(body.shares);
  PF_TRY(rooms.vault.change_key(call.actor, change));
  return key_answer(rooms);
}

Result<Answer> retentions(const VaultKeyRooms& rooms, const Call&) {
  PF_LET(const auto kept, rooms.vault.kept_days(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& [channel, days] : kept) list.push(json::Value::object({{"channel", channel}, {"days", days}}));
  return Answer{.body = data(std::move(list))};
}

struct RetentionBody {
  std::string channel;
  std::int64_t days = 0;
  template <class V>
  void fields(V& visit) {
    visit("channel", channel, "As its orders name it, such as amazon.");
    visit("days", days, "1 to 30; 30 is what holds without a setting.");
  }
};

Result<Answer> keep_days(const VaultKeyRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<RetentionBody>(call.body));
  const auto days = static_cast<std::uint32_t>(std::clamp<std::int64_t>(body.days, 0, 1'000));
  PF_TRY(rooms.store.write(
      [&](storage::Write& work) { return rooms.vault.keep_days(work, call.actor, trim(body.channel), days); }));
  return retentions(rooms, call);
}

}  // namespace

std::vector<Row> vault_key_routes(storage::Store& store, vault::Vault& vault) {
  const VaultKeyRooms rooms{store, vault};
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::post,
       .path = "/api/v1/vault/seal",
       .permission = P::vault_manage,
       .summary = "Forget every key: until it is unsealed, buyers can neither be shown nor taken in",
       .answer_schema = gate::data_shape(shapes::kVaultKey),
       .handler = with(seal),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/vault/unseal",
       .permission = P::vault_manage,
       .summary =
           "Open the vault with its passphrase, with two of its shares, or with what its provider finds by itself",
       .accepts = BodyKind::json,
       .body_schema = json::schema<UnsealBody>(),
       .answer_schema = gate::data_shape(shapes::kVaultKey),
       .handler = with(unseal),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/vault/share",
       .permission = P::vault_manage,
       .summary = "Three shares of a new secret, of no use until POST /api/v1/vault/key is sent two of them",
       .answer_schema = gate::data_shape(shapes::kShares),
       .handler = with(shares),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/vault/key",
       .permission = P::vault_manage,
       .summary = "Make a new master key and say what keeps it; every key is wrapped anew while the shop serves",
       .accepts = BodyKind::json,
       .body_schema = json::schema<KeyBody>(),
       .answer_schema = gate::data_shape(shapes::kVaultKey),
       .handler = with(change_key),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/vault/retention",
       .permission = P::settings_read,
       .summary = "The channels whose buyers are kept for fewer than 30 days",
       .answer_schema = gate::data_shape(shapes::kRetentions),
       .handler = with(retentions)},
      {.method = Method::put,
       .path = "/api/v1/vault/retention",
       .permission = P::vault_manage,
       .summary = "Keep a channel's buyers for fewer than 30 days, from the next order on; never for more",
       .accepts = BodyKind::json,
       .body_schema = json::schema<RetentionBody>(),
       .answer_schema = gate::data_shape(shapes::kRetentions),
       .handler = with(keep_days),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
