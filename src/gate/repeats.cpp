#include "gate/repeats.h"

#include "crypto/crypto.h"
#include "gate/repeat_keys.h"
#include "productflow/text.h"

namespace pf::gate {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeadBytes = 8 + 1 + kHashBytes;  // of a record
constexpr int kCleanedAtOnce = 16;                      // more than one a request, so that the old ones run out

std::string hash_of(std::string_view actor, std::string_view key) {
  return crypto::sha256(std::string(actor) + '\0' + std::string(key));
}

// An answer as bytes and back; only within one process, so free to change.
std::string packed(const http::Response& response) {
  std::string out;
  put_be16(out, static_cast<std::uint16_t>(response.status));
  const auto put = [&](std::string_view text) {
    put_be32(out, static_cast<std::uint32_t>(text.size()));
    out += text;
  };
  put_be32(out, static_cast<std::uint32_t>(response.headers.size()));
  for (const auto& [name, value] : response.headers) put(name), put(value);
  put(response.body);
  return out;
}
http::Response unpacked(std::string_view in) {
  http::Response response;
  response.status = get_be16(in);
  in.remove_prefix(2);
  const auto get = [&] {
    const std::size_t size = get_be32(in);
    std::string text(in.substr(4, size));
    in.remove_prefix(4 + size);
    return text;
  };
  std::uint32_t headers = get_be32(in);
  in.remove_prefix(4);
  for (; headers > 0; --headers) {
    std::string name = get();
    response.headers.emplace_back(std::move(name), get());
  }
  response.body = get();
  return response;
}

Error not_again(std::string message) {
  Error out = error(ErrorCode::conflict, std::move(message));
  out.faults.push_back({"Idempotency-Key", "used", "Choose a new key for a new request."});
  return out;
}

}  // namespace

std::vector<storage::Family> Repeats::families() {
  return {storage::Family{.name = std::string(keys::kRepeats)}};
}

Repeats::Repeats(storage::Store& store, const Clock& clock, std::string_view pepper)
    : store_(store),
      clock_(clock),
      family_(store.family(keys::kRepeats)),
      secret_(crypto::random_bytes(crypto::kGcmKeyBytes)),
      asked_key_(crypto::hkdf_sha256(pepper, "", "pf/v1/repeats", crypto::kGcmKeyBytes)) {}

Result<std::optional<http::Response>> Repeats::begin(std::string_view actor, std::string_view key,
                                                     std::string_view fingerprint) {
  if (key.empty() || key.size() > kRepeatKeyBytesMax)
    return invalid("Idempotency-Key", "length", "An Idempotency-Key has 1 to 255 characters.");
  const std::string hash = hash_of(actor, key), asked = crypto::hmac_sha256(asked_key_.bytes(), fingerprint);
  {
    const std::lock_guard lock(mutex_);
    if (!running_.insert(hash).second)
      return not_again("The request with this Idempotency-Key is still running. Ask again in a moment.");
  }
  const auto stop_running = [&] {
    const std::lock_guard lock(mutex_);
    running_.erase(hash);
  };
  std::optional<std::string> earlier;
  const std::uint64_t now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
  const std::uint64_t oldest = now - static_cast<std::uint64_t>(milliseconds(kRepeatTime).count());
  const auto kept = store_.write([&](storage::Write& work) -> Result<> {
    {
      std::vector<std::string> old;
      storage::Cursor cursor = work.scan(family_, "t", keys::repeat_time(oldest, ""));
      for (int i = 0; i < kCleanedAtOnce && cursor.valid(); ++i, cursor.next()) old.emplace_back(cursor.key());
      for (const std::string& time_key : old) {
        work.erase(family_, time_key);
        work.erase(family_, keys::repeat(std::string_view(time_key).substr(9)));
      }
    }
    PF_LET(earlier, work.get(family_, keys::repeat(hash)));
    if (earlier && (earlier->size() < kHeadBytes || get_be64(*earlier) < oldest)) earlier.reset();
    if (earlier) return {};
    std::string record;
    put_be64(record, now);
    record += keys::kStarted;
    record += asked;
    work.put(family_, keys::repeat(hash), record);
    work.put(family_, keys::repeat_time(now, hash), "");
    return {};
  });
  if (!kept.ok()) {
    stop_running();
    return kept.error();
  }
  if (!earlier) return std::optional<http::Response>();
  stop_running();
  const std::string_view record = *earlier;
  // Records of earlier versions have a hash without a key; a day after the update there are none.
  if (const auto before = record.substr(9, kHashBytes); before != asked && before != crypto::sha256(fingerprint))
    return invalid("Idempotency-Key", "differs",
                   "This Idempotency-Key was sent with another request before. Choose a new key for a new request.");
  if (record[8] == keys::kStarted)
    return not_again(
        "The request with this Idempotency-Key was interrupted. Look whether it was done before you send it again with "
        "a new key.");
  const std::string_view sealed = record.substr(kHeadBytes);
  const auto answer = sealed.size() < crypto::kGcmNonceBytes
                          ? std::nullopt
                          : crypto::gcm_open(secret_, sealed.substr(0, crypto::kGcmNonceBytes), hash,
                                             sealed.substr(crypto::kGcmNonceBytes));
  if (!answer)
    return not_again(
        "The request with this Idempotency-Key was done already; its answer is no longer held. Read what it made "
        "instead.");
  return std::optional(unpacked(answer->bytes()));
}

void Repeats::finish(std::string_view actor, std::string_view key, const http::Response& response) {
  const std::string hash = hash_of(actor, key);
  // write_even_when_full: the work itself is on disk already; this keeps it from being done twice.
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto record, work.get(family_, keys::repeat(hash)));
    if (!record || record->size() < kHeadBytes) return {};
    (*record)[8] = keys::kDone;
    record->resize(kHeadBytes);
    if (!response.stream && response.body.size() <= kRepeatAnswerBytesMax) {
      const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
      *record += nonce + crypto::gcm_seal(secret_, nonce, hash, packed(response));
    }
    work.put(family_, keys::repeat(hash), *record);
    return {};
  }));
  leave(actor, key);
}

void Repeats::forget(std::string_view actor, std::string_view key) {
  const std::string hash = hash_of(actor, key);
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto record, work.get(family_, keys::repeat(hash)));
    if (record && record->size() >= 8) work.erase(family_, keys::repeat_time(get_be64(*record), hash));
    work.erase(family_, keys::repeat(hash));
    return {};
  }));
  leave(actor, key);
}

void Repeats::leave(std::string_view actor, std::string_view key) {
  const std::lock_guard lock(mutex_);
  running_.erase(hash_of(actor, key));
}

}  // namespace pf::gate
