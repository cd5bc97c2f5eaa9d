#include "archive/archive.h"

namespace pf::archive {

// As of November 2026. Counted from the end of the calendar year of the invoice; a business year that ends otherwise,
// or records of the one-stop shop (ten years: Directive 2006/112/EC, article 369k), may ask for more.
const std::vector<RetentionLaw>& retention_laws() {
  static const std::vector<RetentionLaw> laws{
      {"AT", 7, "Bundesabgabenordnung § 132, Umsatzsteuergesetz § 11"},
      {"BE", 10, "Wetboek van de btw, artikel 60"},
      {"CH", 10, "Obligationenrecht Art. 958f"},
      {"CZ", 10, "Zákon č. 235/2004 Sb., o dani z přidané hodnoty, § 35"},
      {"DE", 8, "Umsatzsteuergesetz § 14b, Abgabenordnung § 147 (since 2025)"},
      {"DK", 5, "Bogføringsloven § 12"},
      {"ES", 6, "Código de Comercio, artículo 30"},
      {"FI", 6, "Kirjanpitolaki 2 luku 10 §"},
      {"FR", 10, "Code de commerce, article L123-22"},
      {"GB", 6, "VAT Notice 700/21"},
      {"IE", 6, "VAT Consolidation Act 2010, section 84"},
      {"IT", 10, "Codice civile, articolo 2220"},
      {"LU", 10, "Code de commerce, article 16; loi TVA, article 65"},
      {"NL", 7, "Algemene wet inzake rijksbelastingen, artikel 52"},
      {"PL", 5, "Ordynacja podatkowa art. 86"},
      {"PT", 10, "Código do IVA, artigo 52"},
      {"SE", 7, "Bokföringslagen 7 kap. 2 §"},
  };
  return laws;
}

int years_for(std::string_view country_code) {
  for (const RetentionLaw& law : retention_laws())
    if (law.country_code == country_code) return law.years;
  return ArchiveSettings{}.years;
}

}  // namespace pf::archive
