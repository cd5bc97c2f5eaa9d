// The query of GET /product as a question to the catalogue, and what is shown of each product.
#pragma once

#include <string>
#include <vector>

#include "api/list_answer.h"
#include "catalog/product_list.h"
#include "gate/route.h"

namespace pf::api {

struct ProductView {
  std::vector<std::string> fields{};  // none: all; "attributes.color" picks one attribute; the SKU is always there
  bool offer = false, texts = false, inherited = false;  // include=offer,texts,inherited
  std::vector<std::string> columns{};                    // columns=attributes.color,attributes.material@nl
  bool adds() const { return offer || texts || inherited; }
};

struct ProductQuestion {
  catalog::ProductQuery query{};
  ProductView view{};
  std::uint64_t page = 1;  // 1 with a cursor
};

// Every fault at once: unknown parameters, operators, sizes. `columns` are for those who show products.
enum class Shows { nothing, products };
Result<ProductQuestion> product_question(const gate::Call& call, Shows shows = Shows::nothing);
Result<ProductView> product_view(const gate::Call& call);
// Which locale the caller asks for: ?locale= before Accept-Language; empty: the shop's default.
std::string wanted_locale(const gate::Call& call);

// The product with `view.fields` alone.
Result<std::string> projected(std::string product, const ProductView& view);

}  // namespace pf::api
