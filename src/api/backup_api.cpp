#include "api/backup_api.h"

#include <atomic>

#include "api/rows.h"
#include "backup/backup.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct BackupRooms {
  storage::Store& store;
  vault::Vault& vault;
  audit::Audit& audit;
  archive::Archive& archive;
  std::filesystem::path folder;
  std::string version;
  std::shared_ptr<std::atomic<bool>> busy = std::make_shared<std::atomic<bool>>(false);  // of all requests
};

struct KeyBody {
  std::string key;
  template <class V>
  void fields(V& visit) {
    visit("key", key, "The owner's open key, pf-backup-1:...");
  }
};

// A token would carry everybody's password hashes, or the keys of buyers' data, to wherever it is used.
Result<> only_on_the_box(const Call& call) {
  if (call.actor.kind == access::Actor::Kind::local_admin) return {};
  return error(ErrorCode::forbidden, "This is made on the box itself only: productflow backup.");
}

Result<> note(const BackupRooms& rooms, const Call& call, std::string_view action, std::string_view open_key) {
  return rooms.store.write_even_when_full([&](storage::Write& work) {
    return rooms.audit.append(work, call.actor, action, "",
                              json::Value::object({{"key", backup::open_key_text(open_key)}}));
  });
}

Result<Answer> make(const BackupRooms& rooms, const Call& call) {
  PF_TRY(only_on_the_box(call));
  PF_LET(const auto body, json::read_fields<KeyBody>(call.body));
  PF_LET(const std::string open_key, backup::read_open_key(body.key));
  if (rooms.busy->exchange(true)) return error(ErrorCode::conflict, "Another backup is being made. Wait for its end.");
  const std::shared_ptr<std::atomic<bool>> held(rooms.busy.get(), [busy = rooms.busy](auto*) { busy->store(false); });
  PF_TRY(note(rooms, call, "backup.make", open_key));
  const backup::About about{rooms.vault.now(), rooms.vault.shop_id(), rooms.version};
  Answer answer{.content_type = "application/octet-stream", .headers = {{"cache-control", "no-store"}}};
  answer.stream = [&store = rooms.store, folder = rooms.folder, open_key, about, held](const http::BodySink& sink) {
    // Whoever reads it misses the end when this fails.
    static_cast<void>(backup::write_backup(store, folder, open_key, about, sink));
  };
  return answer;
}

Result<Answer> escrow(const BackupRooms& rooms, const Call& call) {
  PF_TRY(only_on_the_box(call));
  PF_LET(const auto body, json::read_fields<KeyBody>(call.body));
  PF_LET(const std::string open_key, backup::read_open_key(body.key));
  PF_TRY(note(rooms, call, "vault.escrow", open_key));
  PF_LET(const auto copy, rooms.vault.copy_ring());
  PF_LET(const auto archive, rooms.archive.copy_ring());
  PF_LET(std::string sealed,
         backup::seal_escrow(open_key, copy.generation, copy.master.bytes(), copy.ring.bytes(), archive.bytes()));
  return Answer{
      .raw = std::move(sealed), .content_type = "application/octet-stream", .headers = {{"cache-control", "no-store"}}};
}

}  // namespace

std::vector<Row> backup_routes(storage::Store& store, vault::Vault& vault, audit::Audit& audit,
                               archive::Archive& archive, std::filesystem::path folder, std::string version) {
  const BackupRooms rooms{store, vault, audit, archive, std::move(folder), std::move(version)};
  const auto with = handlers_with(rooms);
  return {
      {.method = Method::post,
       .path = "/api/v1/backup",
       .permission = Permission::vault_manage,
       .summary = "Everything but the key ring, sealed to the owner's key; on the box itself only",
       .accepts = BodyKind::json,
       .body_schema = json::schema<KeyBody>(),
       .handler = with(make),
       .answer_types = {"application/octet-stream"},
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/vault/escrow",
       .permission = Permission::vault_manage,
       .summary = "The key ring of now, sealed to the owner's key; on the box itself only",
       .accepts = BodyKind::json,
       .body_schema = json::schema<KeyBody>(),
       .handler = with(escrow),
       .answer_types = {"application/octet-stream"},
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
