// What products hold of something that is taken back, in the person's language; the appliance says the same in English.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const iw = wordsOf({
  en: {
    choice: { one: '{count} product has the choice “{name}”. It stays there until it is changed, and is refused from then on.', other: '{count} products have the choice “{name}”. It stays there until it is changed, and is refused from then on.' },
    family: { one: '{count} product has this family. Its name stays there and asks for nothing any more.', other: '{count} products have this family. Its name stays there and asks for nothing any more.' },
    category: { one: '{count} product is in this category or one below. It stays there, without its labels and its place.', other: '{count} products are in this category or one below. It stays there, without its labels and its place.' },
    attribute: { one: '{count} product has a value of this. It stays there, and is checked and shown by its description no more.', other: '{count} products have a value of this. It stays there, and is checked and shown by its description no more.' },
  },
  nl: {
    choice: { one: '{count} product heeft de keuze “{name}”. Die blijft daar staan tot iemand haar wijzigt, en wordt vanaf dan geweigerd.', other: '{count} producten hebben de keuze “{name}”. Die blijft daar staan tot iemand haar wijzigt, en wordt vanaf dan geweigerd.' },
    family: { one: '{count} product heeft deze familie. De naam blijft daar staan en vraagt om niets meer.', other: '{count} producten hebben deze familie. De naam blijft daar staan en vraagt om niets meer.' },
    category: { one: '{count} product staat in deze categorie of een eronder. Ze blijft daar, zonder haar labels en haar plaats.', other: '{count} producten staan in deze categorie of een eronder. Ze blijft daar, zonder haar labels en haar plaats.' },
    attribute: { one: '{count} product heeft hier een waarde van. Die blijft daar staan, en wordt niet meer volgens de beschrijving gecontroleerd en getoond.', other: '{count} producten hebben hier een waarde van. Die blijft daar staan, en wordt niet meer volgens de beschrijving gecontroleerd en getoond.' },
  },
  de: {
    choice: { one: '{count} Produkt hat den Auswahlwert „{name}“. Er bleibt dort stehen, bis ihn jemand ändert, und wird von da an abgelehnt.', other: '{count} Produkte haben den Auswahlwert „{name}“. Er bleibt dort stehen, bis ihn jemand ändert, und wird von da an abgelehnt.' },
    family: { one: '{count} Produkt hat diese Familie. Ihr Name bleibt dort stehen und verlangt nichts mehr.', other: '{count} Produkte haben diese Familie. Ihr Name bleibt dort stehen und verlangt nichts mehr.' },
    category: { one: '{count} Produkt ist in dieser Kategorie oder einer darunter. Sie bleibt dort, ohne ihre Bezeichnungen und ihren Platz.', other: '{count} Produkte sind in dieser Kategorie oder einer darunter. Sie bleibt dort, ohne ihre Bezeichnungen und ihren Platz.' },
    attribute: { one: '{count} Produkt hat hierzu einen Wert. Er bleibt dort stehen und wird nicht mehr nach der Beschreibung geprüft und gezeigt.', other: '{count} Produkte haben hierzu einen Wert. Er bleibt dort stehen und wird nicht mehr nach der Beschreibung geprüft und gezeigt.' },
  },
  fr: {
    choice: { one: '{count} produit a le choix « {name} ». Il y reste jusqu’à ce que quelqu’un le change, et est refusé ensuite.', other: '{count} produits ont le choix « {name} ». Il y reste jusqu’à ce que quelqu’un le change, et est refusé ensuite.' },
    family: { one: '{count} produit a cette famille. Son nom y reste et ne demande plus rien.', other: '{count} produits ont cette famille. Son nom y reste et ne demande plus rien.' },
    category: { one: '{count} produit est dans cette catégorie ou plus bas. Elle y reste, sans ses libellés ni sa place.', other: '{count} produits sont dans cette catégorie ou plus bas. Elle y reste, sans ses libellés ni sa place.' },
    attribute: { one: '{count} produit en a une valeur. Elle y reste, et n’est plus contrôlée ni montrée selon sa description.', other: '{count} produits en ont une valeur. Elle y reste, et n’est plus contrôlée ni montrée selon sa description.' },
  },
});
