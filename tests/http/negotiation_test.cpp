// Accept-Encoding and If-None-Match as clients, proxies and crawlers send them.
#include "http/negotiation.h"

#include <doctest/doctest.h>

using namespace pf::http;

TEST_CASE("http: an answer is packed for whoever takes it so, and for nobody who refuses") {
  for (const char* takes : {"gzip", "deflate, gzip", "br;q=0.5, gzip;q=0.001", "*", "gzip, *;q=0", "gzip ;q=1.0"}) {
    CAPTURE(takes);
    CHECK(takes_coding(takes, "gzip"));
  }
  for (const char* refuses :
       {"", "identity", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "*, gzip;q=0", "xgzip", ",,;"}) {
    CAPTURE(refuses);
    CHECK_FALSE(takes_coding(refuses, "gzip"));
  }
}

TEST_CASE("http: what somebody has already is told by its ETag, alone or among others, weak or strong") {
  for (const char* has : {"\"a1\"", "W/\"a1\"", "\"b2\", \"a1\"", "\"b2\" , W/\"a1\"", "*"}) {
    CAPTURE(has);
    CHECK(names_etag(has, "\"a1\""));
  }
  for (const char* has_not : {"", "a1", "\"a\"", "\"a11\"", "\"b2\"", "W/", "\"", ","}) {
    CAPTURE(has_not);
    CHECK_FALSE(names_etag(has_not, "\"a1\""));
  }
}

TEST_CASE("http: a download goes on where it was cut off, if it is still the same") {
  CHECK(resumes_at("bytes=100-", "\"a1\"", "\"a1\"") == 100);
  CHECK(resumes_at(" bytes=1- ", "\"a1\"", "\"a1\"") == 1);
  for (const char* whole : {"", "bytes=0-", "bytes=-5", "bytes=5-9", "bytes=1-,5-", "bytes=--", "bytes=-1-", "lines=1-",
                            "bytes=99999999999999999999-", "bytes= 5-"}) {
    CAPTURE(whole);
    CHECK_FALSE(resumes_at(whole, "\"a1\"", "\"a1\""));
  }
  for (const char* other : {"", "\"b2\"", "W/\"a1\"", "Wed, 21 Oct 2026 07:28:00 GMT"}) CHECK_FALSE(resumes_at("bytes=5-", other, "\"a1\""));
}
