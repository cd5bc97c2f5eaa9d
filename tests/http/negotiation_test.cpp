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
