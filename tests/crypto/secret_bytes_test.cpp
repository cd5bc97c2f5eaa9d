#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

#include "crypto/crypto.h"

using namespace pf::crypto;

TEST_CASE("secret bytes: each has a place of its own, of any size, and starts as zeros") {
  std::vector<SecretBytes> all;
  std::set<const char*> places;
  for (const std::size_t size : {1U, 32U, 64U, 65U, 256U, 257U, 1024U, 1025U, 100'000U})
    for (int i = 0; i < 300; ++i) {
      if (size == 100'000 && i > 3) break;
      SecretBytes one(size);
      CHECK(one.bytes() == std::string(size, '\0'));
      std::fill_n(one.data(), size, static_cast<unsigned char>(i));
      places.insert(one.bytes().data());
      all.push_back(std::move(one));
    }
  CHECK(places.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].bytes() == std::string(all[i].size(), all[i].bytes()[0]));
}

TEST_CASE("secret bytes: nothing of a secret is left in its place") {
  const char* place = nullptr;
  {
    const SecretBytes secret = SecretBytes::copy_of("the key of the harbour's lantern");
    place = secret.bytes().data();
  }
  CHECK(std::string_view(place, 32) == std::string(32, '\0'));  // the place is kept for the next, so it can be read
}

TEST_CASE("secret bytes: threads may take and give back at once") {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 2'000; ++i) {
        SecretBytes mine =
            SecretBytes::copy_of(std::string(1 + static_cast<std::size_t>(i % 300), static_cast<char>('a' + t)));
        CHECK(mine.bytes().find_first_not_of(static_cast<char>('a' + t)) == std::string_view::npos);
      }
    });
  for (std::thread& thread : threads) thread.join();
}
