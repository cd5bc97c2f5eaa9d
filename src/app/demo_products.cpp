// The demo's products: words of four languages put together into families and their variants.
#include "app/demo_shop.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

namespace pf::app {
namespace {

// One word in the demo's four locales.
struct Word {
  std::string_view en, nl, de, fr;
};
struct NamedColour {
  std::string_view code;
  Word name;
  Colour colour;
};

constexpr std::array<NamedColour, 8> kColours{{
    {"sky", {"sky blue", "hemelsblauw", "himmelblau", "bleu ciel"}, {74, 134, 214}},
    {"coral", {"coral", "koraalrood", "korallenrot", "corail"}, {222, 98, 84}},
    {"honey", {"honey yellow", "honinggeel", "honiggelb", "jaune miel"}, {234, 182, 66}},
    {"moss", {"moss green", "mosgroen", "moosgrün", "vert mousse"}, {98, 146, 100}},
    {"plum", {"plum", "pruimpaars", "pflaume", "prune"}, {126, 84, 142}},
    {"slate", {"slate grey", "leigrijs", "schiefergrau", "gris ardoise"}, {98, 110, 128}},
    {"rose", {"rose", "oudroze", "altrosa", "vieux rose"}, {214, 140, 152}},
    {"ink", {"ink blue", "inktblauw", "tintenblau", "bleu encre"}, {46, 64, 110}},
}};

struct Choice {
  std::string_view code;
  Word name;
};
constexpr std::array<Choice, 4> kSizes{{{"S", {"S", "S", "S", "S"}},
                                        {"M", {"M", "M", "M", "M"}},
                                        {"L", {"L", "L", "L", "L"}},
                                        {"XL", {"XL", "XL", "XL", "XL"}}}};
constexpr std::array<Choice, 3> kFormats{{{"A4", {"21 × 30 cm", "21 × 30 cm", "21 × 30 cm", "21 × 30 cm"}},
                                          {"A3", {"30 × 42 cm", "30 × 42 cm", "30 × 42 cm", "30 × 42 cm"}},
                                          {"A2", {"42 × 59 cm", "42 × 59 cm", "42 × 59 cm", "42 × 59 cm"}}}};
constexpr std::array<Choice, 4> kScents{{{"fig", {"fig", "vijg", "Feige", "figue"}},
                                         {"cedar", {"cedar", "ceder", "Zeder", "cèdre"}},
                                         {"linen", {"fresh linen", "fris linnen", "frisches Leinen", "lin frais"}},
                                         {"citrus", {"citrus", "citrus", "Zitrus", "agrumes"}}}};
constexpr std::array<Choice, 3> kPotSizes{{{"12", {"12 cm", "12 cm", "12 cm", "12 cm"}},
                                           {"16", {"16 cm", "16 cm", "16 cm", "16 cm"}},
                                           {"22", {"22 cm", "22 cm", "22 cm", "22 cm"}}}};
constexpr std::array<Choice, 3> kSockSizes{{{"3639", {"36–39", "36–39", "36–39", "36–39"}},
                                            {"4043", {"40–43", "40–43", "40–43", "40–43"}},
                                            {"4447", {"44–47", "44–47", "44–47", "44–47"}}}};

constexpr std::array<std::string_view, 12> kSeries{"Fjord", "Alma",  "Tindra", "Mistral", "Juniper", "Oslo",
                                                   "Porto", "Lumen", "Sable",  "Willow",  "Aster",   "Cala"};
constexpr std::array<std::string_view, 5> kBrands{"Noordlicht", "Atelier Vif", "Hafen & Söhne", "Little Harbour",
                                                  "Casa Lino"};

// How a family varies: by colours, by choices of another axis, by both, or not at all.
struct FamilyPlan {
  std::string_view code, category, axis;  // axis: name of the second axis, empty if there is none
  Word noun, praise;
  Shape shape;
  std::size_t series, colours;  // how many of each; colours 0: the series has one colour of its own
  const Choice* choices;
  std::size_t choice_count;
  std::int64_t price_minor;
  std::string_view material;
  int weight_gram;
};

constexpr std::array<FamilyPlan, 16> kFamilies{{
    {"shirts",
     "clothing/shirts",
     "size",
     {"T-shirt", "T-shirt", "T-Shirt", "T-shirt"},
     {"Soft organic cotton with a straight cut that keeps its shape.",
      "Zacht biologisch katoen met een rechte snit die in vorm blijft.",
      "Weiche Bio-Baumwolle mit geradem Schnitt, der in Form bleibt.",
      "Coton bio tout doux, coupe droite qui garde sa forme."},
     Shape::shirt,
     8,
     3,
     kSizes.data(),
     4,
     2495,
     "cotton",
     180},
    {"mugs",
     "kitchen/mugs",
     "",
     {"Mug", "Mok", "Becher", "Mug"},
     {"Stoneware for a generous coffee; goes into the dishwasher.",
      "Steengoed voor een royale koffie; kan in de vaatwasser.",
      "Steinzeug für einen großen Kaffee; spülmaschinenfest.", "Grès pour un grand café ; passe au lave-vaisselle."},
     Shape::mug,
     10,
     4,
     nullptr,
     0,
     1395,
     "stoneware",
     340},
    {"posters",
     "living/posters",
     "format",
     {"Art print", "Kunstprint", "Kunstdruck", "Affiche d’art"},
     {"Printed on 200 g paper with pigment inks that do not fade.",
      "Gedrukt op 200 g papier met pigmentinkt die niet verbleekt.",
      "Auf 200-g-Papier mit lichtechten Pigmenttinten gedruckt.",
      "Imprimée sur papier 200 g avec des encres pigmentaires."},
     Shape::poster,
     12,
     0,
     kFormats.data(),
     3,
     1995,
     "paper",
     120},
    {"candles",
     "living/candles",
     "scent",
     {"Scented candle", "Geurkaars", "Duftkerze", "Bougie parfumée"},
     {"Soy wax, cotton wick, forty hours of quiet light.", "Sojawas, katoenen lont, veertig uur rustig licht.",
      "Sojawachs, Baumwolldocht, vierzig Stunden ruhiges Licht.",
      "Cire de soja, mèche en coton, quarante heures de lumière."},
     Shape::candle,
     8,
     0,
     kScents.data(),
     4,
     1795,
     "soy wax",
     420},
    {"backpacks",
     "travel/backpacks",
     "",
     {"Backpack", "Rugzak", "Rucksack", "Sac à dos"},
     {"Room for a laptop, a jumper and lunch; keeps the rain out.",
      "Ruimte voor laptop, trui en lunch; houdt de regen buiten.",
      "Platz für Laptop, Pullover und Mittagessen; regenfest.",
      "De la place pour l’ordinateur, un pull et le déjeuner."},
     Shape::backpack,
     8,
     4,
     nullptr,
     0,
     6995,
     "recycled polyester",
     780},
    {"notebooks",
     "office/notebooks",
     "",
     {"Notebook", "Notitieboek", "Notizbuch", "Carnet"},
     {"192 dotted pages that lie flat, with an elastic band.",
      "192 gestippelde pagina’s die plat blijven liggen, met elastiek.",
      "192 gepunktete Seiten, flach aufschlagbar, mit Gummiband.",
      "192 pages pointillées qui restent à plat, avec élastique."},
     Shape::notebook,
     8,
     4,
     nullptr,
     0,
     1495,
     "paper",
     310},
    {"lamps",
     "living/lamps",
     "",
     {"Table lamp", "Tafellamp", "Tischlampe", "Lampe de table"},
     {"Warm light under a linen shade, with a dimmer on the cord.",
      "Warm licht onder een linnen kap, met dimmer aan het snoer.",
      "Warmes Licht unter Leinenschirm, mit Dimmer am Kabel.",
      "Lumière chaude sous un abat-jour en lin, avec variateur."},
     Shape::lamp,
     8,
     3,
     nullptr,
     0,
     5995,
     "linen",
     1450},
    {"pots",
     "garden/pots",
     "diameter",
     {"Plant pot", "Bloempot", "Blumentopf", "Pot de fleurs"},
     {"Glazed terracotta with a saucer; frost-proof to minus ten.",
      "Geglazuurd terracotta met schotel; vorstvast tot min tien.",
      "Glasierte Terrakotta mit Untersetzer; frostfest bis minus zehn.",
      "Terre cuite émaillée avec soucoupe ; résiste au gel."},
     Shape::pot,
     8,
     0,
     kPotSizes.data(),
     3,
     1695,
     "terracotta",
     900},
    {"scarves",
     "clothing/scarves",
     "",
     {"Scarf", "Sjaal", "Schal", "Écharpe"},
     {"Fine merino wool, 180 cm long, warm without the scratch.",
      "Fijne merinowol, 180 cm lang, warm zonder te kriebelen.",
      "Feine Merinowolle, 180 cm lang, warm ohne zu kratzen.", "Fine laine mérinos, 180 cm, chaude sans gratter."},
     Shape::scarf,
     8,
     5,
     nullptr,
     0,
     3995,
     "merino wool",
     210},
    {"socks",
     "clothing/socks",
     "size",
     {"Socks", "Sokken", "Socken", "Chaussettes"},
     {"Combed cotton with a seam that you do not feel.", "Gekamd katoen met een naad die je niet voelt.",
      "Gekämmte Baumwolle mit einer Naht, die man nicht spürt.", "Coton peigné, couture que l’on ne sent pas."},
     Shape::socks,
     6,
     2,
     kSockSizes.data(),
     3,
     995,
     "cotton",
     70},
    {"cushions",
     "living/cushions",
     "",
     {"Cushion", "Sierkussen", "Zierkissen", "Coussin"},
     {"Washed linen cover with a hidden zip, filling included.",
      "Gewassen linnen hoes met blinde rits, inclusief vulling.",
      "Hülle aus gewaschenem Leinen mit verdecktem Reißverschluss.",
      "Housse en lin lavé à fermeture invisible, garnissage inclus."},
     Shape::cushion,
     8,
     4,
     nullptr,
     0,
     2995,
     "linen",
     520},
    {"bottles",
     "travel/bottles",
     "",
     {"Thermos bottle", "Thermosfles", "Thermosflasche", "Bouteille isotherme"},
     {"Keeps tea hot for twelve hours and water cold for a day.", "Houdt thee twaalf uur heet en water een dag koud.",
      "Hält Tee zwölf Stunden heiß und Wasser einen Tag kalt.",
      "Garde le thé chaud douze heures et l’eau fraîche un jour."},
     Shape::bottle,
     8,
     4,
     nullptr,
     0,
     2795,
     "steel",
     330},
    {"puzzles",
     "play/puzzles",
     "",
     {"Puzzle, 1000 pieces", "Puzzel, 1000 stukjes", "Puzzle, 1000 Teile", "Puzzle, 1000 pièces"},
     {"Thick board, matt finish, and a cloth bag for every piece.",
      "Dik karton, matte afwerking en een stoffen zakje voor alle stukjes.",
      "Dicke Pappe, matt, mit Stoffbeutel für alle Teile.", "Carton épais, finition mate, et un sac en tissu."},
     Shape::puzzle,
     12,
     0,
     nullptr,
     0,
     1995,
     "cardboard",
     680},
    {"stands",
     "kitchen/stands",
     "",
     {"Cookbook stand", "Kookboekstandaard", "Kochbuchständer", "Porte-livre de cuisine"},
     {"Oiled beech that folds flat and holds even thick books.",
      "Geolied beuken dat plat opvouwt en ook dikke boeken draagt.",
      "Geöltes Buchenholz, flach faltbar, auch für dicke Bücher.",
      "Hêtre huilé, se plie à plat, tient même les gros livres."},
     Shape::stand,
     10,
     0,
     nullptr,
     0,
     3495,
     "beech",
     640},
    {"soaps",
     "bath/soaps",
     "",
     {"Hand soap", "Handzeep", "Handseife", "Savon pour les mains"},
     {"Cold-stirred olive oil soap, wrapped in paper.", "Koud geroerde olijfoliezeep, verpakt in papier.",
      "Kaltgerührte Olivenölseife, in Papier gewickelt.",
      "Savon à l’huile d’olive saponifié à froid, emballé de papier."},
     Shape::soap,
     10,
     0,
     kScents.data(),
     1,
     695,
     "olive oil",
     110},
    {"teas",
     "kitchen/teas",
     "",
     {"Herbal tea", "Kruidenthee", "Kräutertee", "Tisane"},
     {"Loose leaves from one garden, in a tin that closes well.",
      "Losse blaadjes uit één tuin, in een goed sluitend blik.",
      "Lose Blätter aus einem Garten, in gut schließender Dose.",
      "Feuilles d’un seul jardin, dans une boîte bien fermée."},
     Shape::tea,
     12,
     0,
     nullptr,
     0,
     895,
     "herbs",
     95},
}};

// GS1's range 20 to 29 is for a company's own use, so no real product has these numbers.
std::string own_ean(std::uint64_t number) {
  std::string digits = std::to_string(200'000'000'000ull + number);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return digits + std::to_string((10 - sum % 10) % 10);
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (std::string_view part : parts)
    if (!part.empty()) out += (out.empty() ? "" : ", ") + std::string(part);
  return out;
}

void set_texts(DemoProduct& product, std::string_view series, const FamilyPlan& plan, const Word& colour,
               const Word& choice) {
  const auto title = [&](std::string_view noun, std::string_view c, std::string_view x) {
    return std::string(series) + " " + joined({noun, c, x});
  };
  const auto html = [](std::string_view text) { return "<p>" + std::string(text) + "</p>"; };
  product.change.title = title(plan.noun.en, colour.en, choice.en);
  product.change.description = html(plan.praise.en);
  const auto translate = [&](const char* locale, std::string_view noun, std::string_view praise, std::string_view c,
                             std::string_view x) {
    product.change.texts.emplace_back(locale,
                                      json::Members{{"title", title(noun, c, x)}, {"description", html(praise)}});
  };
  translate("nl-NL", plan.noun.nl, plan.praise.nl, colour.nl, choice.nl);
  translate("de-DE", plan.noun.de, plan.praise.de, colour.de, choice.de);
  translate("fr-FR", plan.noun.fr, plan.praise.fr, colour.fr, choice.fr);
}

}  // namespace

std::string code_of(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::vector<DemoProduct> demo_products() {
  Dice dice(2026);
  std::vector<DemoProduct> products;
  std::uint64_t ean = 4711;
  for (const FamilyPlan& plan : kFamilies) {
    for (std::size_t s = 0; s < plan.series; ++s) {
      const std::string_view series = kSeries[s];
      const std::string prefix = code_of(plan.code.substr(0, 3)) + "-" + code_of(series.substr(0, 3));
      const std::size_t first_colour = dice.below(kColours.size());
      const std::string brand(kBrands[(s + plan.code.size()) % kBrands.size()]);
      const std::int64_t price = plan.price_minor + static_cast<std::int64_t>(dice.below(5)) * 100;
      const bool varies = plan.colours > 0 || plan.choice_count > 1;

      const auto common = [&](DemoProduct& product, std::size_t colour) {
        product.shape = plan.shape;
        product.colour = kColours[colour].colour;
        product.pattern = static_cast<unsigned>(s);
        product.change.brand = brand;
        product.change.family = std::string(plan.code);
        product.change.categories = std::vector<std::string>{std::string(plan.category)};
        product.change.enabled = true;
        product.change.attributes = {{"series", std::string(series)},
                                     {"material", std::string(plan.material)},
                                     {"weight", json::Value(static_cast<std::int64_t>(plan.weight_gram))},
                                     {"weight-unit", "GRAM"}};
      };
      if (varies) {
        DemoProduct parent;
        parent.sku = prefix;
        common(parent, first_colour);
        set_texts(parent, series, plan, {}, {});
        products.push_back(std::move(parent));
      }
      for (std::size_t c = 0; c < std::max<std::size_t>(plan.colours, 1); ++c) {
        const NamedColour& colour = kColours[(first_colour + c) % kColours.size()];
        for (std::size_t x = 0; x < std::max<std::size_t>(plan.choice_count, 1); ++x) {
          DemoProduct product;
          common(product, (first_colour + c) % kColours.size());
          product.sku = prefix;
          if (plan.colours > 0) {
            product.sku += "-" + code_of(colour.code);
            product.change.attributes.emplace_back("color", std::string(colour.code));
          }
          if (plan.choice_count > 1) {
            product.sku += "-" + code_of(plan.choices[x].code);
            product.change.attributes.emplace_back(std::string(plan.axis), std::string(plan.choices[x].code));
          }
          set_texts(product, series, plan, plan.colours > 0 ? colour.name : Word{},
                    plan.choice_count > 1 ? plan.choices[x].name : Word{});
          if (varies) product.change.parent = prefix;
          product.change.ean = own_ean(++ean);
          product.price_minor =
              price + static_cast<std::int64_t>(plan.choice_count > 1 && plan.axis != "size" ? x : 0) * 400;
          // A shop as it is: most things are there, some are few, some are out.
          const std::size_t roll = dice.below(20);
          product.stock = roll == 0  ? 0
                          : roll < 4 ? static_cast<std::int64_t>(1 + dice.below(4))
                                     : static_cast<std::int64_t>(12 + dice.below(70));
          if (dice.below(25) == 0) product.change.description = "";  // somebody still has to write it
          if (dice.below(40) == 0) product.change.enabled = false;
          products.push_back(std::move(product));
        }
      }
    }
  }
  // ASSERT
  return products;
}

}  // namespace pf::app
