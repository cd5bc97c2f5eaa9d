// The words of printing.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    commercial_invoices: 'Commercial invoices', customs_hint: 'For parcels that pass customs. Shows the buyers’ addresses; each is noted in the audit log.',
    papers: 'Papers', print: 'Print', print_of: 'Print {count}', pick_lists: 'Pick lists', packing_slips: 'Packing slips', labels: 'Address labels', labels_reveal: 'Shows the buyers’ addresses; each is noted in the audit log.',
    paper_a6: 'A6, one a page', paper_100x150: '100 × 150 mm, label printer', paper_a4_2x4: 'A4 sheet, 2 × 4', paper_a4_3x8: 'A4 sheet, 3 × 8', too_many: 'At most {count} orders are printed at once.', made: '{name} is ready to print.',
  },
  nl: {
    commercial_invoices: 'Handelsfacturen', customs_hint: 'Voor pakketten die langs de douane gaan. Toont de adressen van de kopers; elk wordt in het auditlogboek genoteerd.',
    papers: 'Papieren', print: 'Afdrukken', print_of: '{count} afdrukken', pick_lists: 'Picklijsten', packing_slips: 'Pakbonnen', labels: 'Adresetiketten', labels_reveal: 'Toont de adressen van de kopers; elk wordt in het auditlogboek genoteerd.',
    paper_a6: 'A6, één per pagina', paper_100x150: '100 × 150 mm, etiketprinter', paper_a4_2x4: 'A4-vel, 2 × 4', paper_a4_3x8: 'A4-vel, 3 × 8', too_many: 'Er worden hoogstens {count} bestellingen tegelijk afgedrukt.', made: '{name} kan worden afgedrukt.',
  },
  de: {
    commercial_invoices: 'Handelsrechnungen', customs_hint: 'Für Pakete, die durch den Zoll gehen. Zeigt die Adressen der Käufer; jede wird im Prüfprotokoll vermerkt.',
    papers: 'Papiere', print: 'Drucken', print_of: '{count} drucken', pick_lists: 'Picklisten', packing_slips: 'Packzettel', labels: 'Adressetiketten', labels_reveal: 'Zeigt die Adressen der Käufer; jede wird im Prüfprotokoll vermerkt.',
    paper_a6: 'A6, eines je Seite', paper_100x150: '100 × 150 mm, Etikettendrucker', paper_a4_2x4: 'A4-Bogen, 2 × 4', paper_a4_3x8: 'A4-Bogen, 3 × 8', too_many: 'Höchstens {count} Bestellungen werden auf einmal gedruckt.', made: '{name} kann gedruckt werden.',
  },
  fr: {
    commercial_invoices: 'Factures commerciales', customs_hint: 'Pour les colis qui passent la douane. Montre les adresses des acheteurs ; chacune est notée au journal d’audit.',
    papers: 'Papiers', print: 'Imprimer', print_of: 'Imprimer {count}', pick_lists: 'Listes de prélèvement', packing_slips: 'Bons de livraison', labels: 'Étiquettes d’adresse', labels_reveal: 'Montre les adresses des acheteurs ; chacune est notée au journal d’audit.',
    paper_a6: 'A6, une par page', paper_100x150: '100 × 150 mm, imprimante d’étiquettes', paper_a4_2x4: 'Feuille A4, 2 × 4', paper_a4_3x8: 'Feuille A4, 3 × 8', too_many: 'Au plus {count} commandes sont imprimées à la fois.', made: '{name} est prêt à imprimer.',
  },
});
