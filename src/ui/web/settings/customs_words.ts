// The words of what the shop says to customs.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    title: 'Customs', text: 'Commercial invoices, for parcels that cross a customs border, take tariff number, origin and weight from attributes of your products. They are printed in English, which customs offices read.',
    eori: 'EORI number', incoterm: 'Terms of delivery (Incoterms)', reason: 'Reason for export', hs_code_attribute: 'Attribute with the HS code', origin_attribute: 'Attribute with the country of origin', weight_attribute: 'Attribute with the weight', weight_unit: 'Unit of weights that name none', origin: 'Origin of products that say nothing', origin_hint: 'Two letters, such as NL; empty: each must say it.',
    sale: 'Sale', gift: 'Gift', sample: 'Sample', return: 'Return', repair: 'Repair', other: 'Other', saved: 'Saved.',
  },
  nl: {
    title: 'Douane', text: 'Handelsfacturen, voor pakketten die een douanegrens passeren, nemen goederencode, oorsprong en gewicht uit kenmerken van je producten. Ze worden in het Engels afgedrukt, dat douanekantoren lezen.',
    eori: 'EORI-nummer', incoterm: 'Leveringsvoorwaarde (Incoterms)', reason: 'Reden van uitvoer', hs_code_attribute: 'Kenmerk met de HS-code', origin_attribute: 'Kenmerk met het land van oorsprong', weight_attribute: 'Kenmerk met het gewicht', weight_unit: 'Eenheid van gewichten die er geen noemen', origin: 'Oorsprong van producten die niets zeggen', origin_hint: 'Twee letters, zoals NL; leeg: elk moet het zeggen.',
    sale: 'Verkoop', gift: 'Geschenk', sample: 'Monster', return: 'Retour', repair: 'Reparatie', other: 'Anders', saved: 'Bewaard.',
  },
  de: {
    title: 'Zoll', text: 'Handelsrechnungen, für Pakete über eine Zollgrenze, nehmen Zolltarifnummer, Ursprung und Gewicht aus Merkmalen Ihrer Produkte. Sie werden auf Englisch gedruckt, das Zollämter lesen.',
    eori: 'EORI-Nummer', incoterm: 'Lieferbedingung (Incoterms)', reason: 'Grund der Ausfuhr', hs_code_attribute: 'Merkmal mit der HS-Nummer', origin_attribute: 'Merkmal mit dem Ursprungsland', weight_attribute: 'Merkmal mit dem Gewicht', weight_unit: 'Einheit von Gewichten ohne Angabe', origin: 'Ursprung von Produkten ohne Angabe', origin_hint: 'Zwei Buchstaben, etwa DE; leer: jedes muss es sagen.',
    sale: 'Verkauf', gift: 'Geschenk', sample: 'Muster', return: 'Rücksendung', repair: 'Reparatur', other: 'Sonstiges', saved: 'Gespeichert.',
  },
  fr: {
    title: 'Douane', text: 'Les factures commerciales, pour les colis qui passent une frontière douanière, prennent code tarifaire, origine et poids dans des attributs de vos produits. Elles sont imprimées en anglais, que lisent les douanes.',
    eori: 'Numéro EORI', incoterm: 'Conditions de livraison (Incoterms)', reason: 'Motif d’exportation', hs_code_attribute: 'Attribut du code SH', origin_attribute: 'Attribut du pays d’origine', weight_attribute: 'Attribut du poids', weight_unit: 'Unité des poids qui n’en nomment pas', origin: 'Origine des produits qui n’en disent rien', origin_hint: 'Deux lettres, comme FR ; vide : chacun doit la dire.',
    sale: 'Vente', gift: 'Cadeau', sample: 'Échantillon', return: 'Retour', repair: 'Réparation', other: 'Autre', saved: 'Enregistré.',
  },
});
