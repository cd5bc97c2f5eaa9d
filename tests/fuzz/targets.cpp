#include "targets.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "backup/backup.h"
#include "backup/backup_format.h"
#include "productflow/bytes.h"
#include "vault/master_format.h"
#include "vault/record.h"
#include "vault/ring_format.h"
#include "vault/vault_keys.h"

namespace pf::fuzz {
namespace {

using namespace pf::vault;

void must(bool rule) {
  if (!rule) std::abort();
}

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return first;
  }
  std::string_view rest() const { return rest_; }
  // The rest, cut or filled with zeros.
  std::string exactly(std::size_t size) const {
    std::string out(rest_.substr(0, size));
    out.resize(size, '\0');
    return out;
  }

 private:
  std::string_view rest_;
};

const std::string kRingId(kRingIdBytes, 'r'), kKey(kKeyBytes, 'k');

void put_at(std::string& bytes, std::size_t at, std::uint32_t number) {
  std::string be;
  put_be32(be, number);
  bytes.replace(at, be.size(), be);
}

void header(std::string page, bool made_right) {
  if (made_right) {
    page.replace(0, 8, "PFRING01");
    put_at(page, 32, static_cast<std::uint32_t>(std::chrono::seconds(kEpoch).count()));
    put_at(page, 36, kRetentionEpochs);
    put_at(page, 220, crc32(std::string_view(page).substr(0, 220)));
    page.replace(224, 32, crypto::hmac_sha256(kKey, std::string_view(page).substr(0, 224)));
  }
  const auto read = read_header_page(page, kKey), claimed = claimed_header(page);
  if (made_right) must(read.has_value() == claimed.has_value());
  if (!read) return;
  must(read->boot_id.size() <= kBootIdBytes && read->ring_id.size() == kRingIdBytes);
  // What was read is written so that it is read as the same.
  const auto again = read_header_page(header_page(*read, kKey), kKey);
  must(again && again->destroyed_upto == read->destroyed_upto && again->floor == read->floor &&
       again->boot_id == read->boot_id && again->sealed_secret == read->sealed_secret);
  static_cast<void>(open_secret(read->sealed_secret, kRingId, kKey));
}

void slot(std::string bytes, std::size_t place, bool made_right) {
  if (made_right) put_at(bytes, 68, crc32(std::string_view(bytes).substr(0, 68)));
  const auto read = read_slot(bytes, place);
  if (read) must(slot_of(read->type, read->number) == place);
  if (read && read->state == SlotState::live) {
    const auto key = open_slot(bytes, kRingId, kKey);
    must(!key || key->size() == kKeyBytes);
  }
}

void master(std::string page, bool made_right) {
  if (made_right) {
    page.replace(0, 12, std::string("PFMASTER\0\0\0\1", 12));
    const std::size_t place = get_be16(std::string_view(page).substr(22)) % (kKeyPlaceBytesMax + 1);
    page[20] = static_cast<char>(1 + static_cast<unsigned char>(page[20]) % 4);
    page[21] = static_cast<char>(1 + static_cast<unsigned char>(page[21]) % 2);
    page[22] = static_cast<char>(place >> 8);
    page[23] = static_cast<char>(place & 0xff);
    const std::size_t end = 48 + place + 60u * static_cast<unsigned char>(page[21]);
    put_at(page, end, crc32(std::string_view(page).substr(0, end)));
  }
  const auto read = read_master_page(page);
  if (made_right) must(read.has_value());
  if (!read) return;
  must(!read->sealed_keys.empty() && read->sealed_keys.size() <= 2 && read->place.size() <= kKeyPlaceBytesMax);
  must(read_master_page(master_page(*read)).has_value());
  must(!open_keys(*read, kKey).has_value());  // nobody sealed them
}

}  // namespace

void ring(const std::uint8_t* data, std::size_t size) {
  Bytes in(data, size);
  const std::uint8_t how = in.byte();
  const bool made_right = (how & 1) != 0;
  switch (how >> 1 & 3) {
    case 0:
      return header(in.exactly(kPageBytes), made_right);
    case 1: {
      const std::size_t place = (std::size_t{in.byte()} << 8 | in.byte()) % kSlots;
      return slot(in.exactly(kSlotBytes), place, made_right);
    }
    case 2:
      return master(in.exactly(kPageBytes), made_right);
    default:  // any length
      must(!read_header_page(in.rest(), kKey) || in.rest().size() == kPageBytes);
      must(!claimed_header(in.rest()) || in.rest().size() == kPageBytes);
      must(!read_master_page(in.rest()) || in.rest().size() == kPageBytes);
      static_cast<void>(read_slot(in.rest(), 0));
      static_cast<void>(open_slot(in.rest(), kRingId, kKey));
  }
}

void record(const std::uint8_t* data, std::size_t size) {
  Bytes in(data, size);
  const std::uint8_t how = in.byte();
  const Subject subject{"manual", "F-1"};
  const Binding binding{kRingId, subject, Field::shipping};
  constexpr std::uint32_t kHour = 491'000;
  const Time created{std::chrono::hours{kHour}};
  if ((how & 1) == 0) return must(!open_record(kKey, kHour, created, binding, in.rest()));
  // A record whose seal holds around any plain bytes: what somebody with the key could have written.
  const std::string head = record_head(kHour, created, kFlagsRecord), nonce(kNonceBytes, 'n');
  std::string bound("pf.pii.v1\0", 10);
  bound.append(head).append(kRingId).append(subject_bytes(subject));
  bound.push_back(static_cast<char>(Field::shipping));
  const auto opened =
      open_record(kKey, kHour, created, binding, head + nonce + crypto::gcm_seal(kKey, nonce, bound, in.rest()));
  if (opened) must(opened->size() + 4 <= in.rest().size());
}

void backup(const std::uint8_t* data, std::size_t size) {
  Bytes in(data, size);
  const std::uint8_t how = in.byte();
  static const auto keys = crypto::box_keys_of(std::string(crypto::kBoxKeyBytes, 'b'));
  const auto read = [&](std::string_view stream) {
    std::size_t at = 0;
    const std::size_t step = 1 + how;  // pieces of any size
    const auto contents = backup::read_backup(
        [&]() -> Result<std::string> {
          std::string piece(stream.substr(at, step));
          at += piece.size();
          return piece;
        },
        keys, std::nullopt);
    must(contents.ok() || !contents.error().message.empty());
    return contents.ok();
  };
  if ((how & 1) == 0) return must(!read(in.rest()));
  // A stream whose seals hold around any plain bytes: what somebody with the owner's open key could have made.
  const auto key = crypto::SecretBytes::copy_of(std::string(crypto::kStreamKeyBytes, 's'));
  crypto::StreamSeal seal(key.bytes());
  std::string head(backup::kMagic);
  put_be32(head, backup::kVersion);
  head += backup::recipient_of(keys.open) + *crypto::box_seal(keys.open, key.bytes()) + seal.head();
  std::string stream = head;
  std::string_view rest = in.rest();
  const std::size_t cut = (how & 2) != 0 ? rest.size() / 2 : rest.size();
  for (const auto& [piece, last] :
       {std::pair{rest.substr(0, cut), cut == rest.size()}, std::pair{rest.substr(cut), true}}) {
    const std::string sealed = seal.seal(piece, head, last ? crypto::Piece::last : crypto::Piece::more);
    put_be32(stream, static_cast<std::uint32_t>(sealed.size()));
    stream += sealed;
    head.clear();
    if (last) break;
  }
  static_cast<void>(read(stream + std::string(backup::kEnd)));
}

void escrow(const std::uint8_t* data, std::size_t size) {
  Bytes in(data, size);
  const std::uint8_t how = in.byte();
  static const auto keys = crypto::box_keys_of(std::string(crypto::kBoxKeyBytes, 'b'));
  static_cast<void>(backup::open_escrow(in.rest(), keys));
  // Two copies whose seals hold around any plain bytes, each with any generation.
  std::string whole;
  for (const int copy : {0, 1}) {
    put_be64(whole, copy == 0 ? how : in.byte());
    whole += *crypto::box_seal(keys.open, in.rest().substr(0, in.rest().size() / 2));
  }
  const auto opened = backup::open_escrow(whole, keys);
  if (opened) must(opened->master.size() == kKeyBytes && !opened->ring.empty());
}

}  // namespace pf::fuzz
