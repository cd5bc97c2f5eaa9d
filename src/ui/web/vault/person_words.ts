// The words of what stays when a buyer is erased.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: { kept: { one: '{count} archived invoice stays, with its buyer, since the law wants it kept:', other: '{count} archived invoices stay, with their buyer, since the law wants them kept:' }, until: '{name} of order {order}: readable until {date}, then by nobody.' },
  nl: { kept: { one: '{count} gearchiveerde factuur blijft, met de koper, omdat de wet dat verlangt:', other: '{count} gearchiveerde facturen blijven, met de koper, omdat de wet dat verlangt:' }, until: '{name} van bestelling {order}: leesbaar tot {date}, daarna voor niemand.' },
  de: { kept: { one: '{count} archivierte Rechnung bleibt, mit dem Käufer, weil das Gesetz es verlangt:', other: '{count} archivierte Rechnungen bleiben, mit dem Käufer, weil das Gesetz es verlangt:' }, until: '{name} zu Bestellung {order}: lesbar bis {date}, danach für niemanden.' },
  fr: { kept: { one: '{count} facture archivée reste, avec son acheteur, car la loi le veut :', other: '{count} factures archivées restent, avec leur acheteur, car la loi le veut :' }, until: '{name} de la commande {order} : lisible jusqu’au {date}, puis par personne.' },
});
