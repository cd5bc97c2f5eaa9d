// The words of reports.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    text: 'Of the orders that were placed in this time (days in UTC). They hold no personal data, so a report stays the same after buyers are forgotten.', from: 'From', to: 'Until', group: 'By', group_day: 'Day', group_channel: 'Channel', group_category: 'Category', measure: 'Chart', csv: 'Download CSV', none: 'No orders were placed in this time.', no_category: 'No category', total: 'Together',
    orders: 'Orders', units: 'Units', sales: 'Sales', units_returned: 'Returned', amount_refunded: 'Refunded', on_time: 'Shipped in time', of: '{part} of {all}', sales_hint: 'Sales are what the units that were not cancelled cost, without shipping. By category, an order counts in each of its categories.',
  },
  nl: {
    text: 'Van de bestellingen die in deze tijd zijn geplaatst (dagen in UTC). Ze bevatten geen persoonsgegevens, dus een rapport blijft hetzelfde als kopers vergeten zijn.', from: 'Van', to: 'Tot en met', group: 'Per', group_day: 'Dag', group_channel: 'Kanaal', group_category: 'Categorie', measure: 'Grafiek', csv: 'CSV downloaden', none: 'In deze tijd zijn geen bestellingen geplaatst.', no_category: 'Geen categorie', total: 'Samen',
    orders: 'Bestellingen', units: 'Stuks', sales: 'Omzet', units_returned: 'Retour', amount_refunded: 'Terugbetaald', on_time: 'Op tijd verzonden', of: '{part} van {all}', sales_hint: 'Omzet is wat de niet geannuleerde stuks kosten, zonder verzending. Per categorie telt een bestelling in elk van haar categorieën.',
  },
  de: {
    text: 'Von den Bestellungen, die in dieser Zeit eingingen (Tage in UTC). Sie enthalten keine personenbezogenen Daten, daher bleibt ein Bericht gleich, wenn Käufer vergessen sind.', from: 'Von', to: 'Bis', group: 'Nach', group_day: 'Tag', group_channel: 'Kanal', group_category: 'Kategorie', measure: 'Diagramm', csv: 'CSV herunterladen', none: 'In dieser Zeit gingen keine Bestellungen ein.', no_category: 'Keine Kategorie', total: 'Zusammen',
    orders: 'Bestellungen', units: 'Stücke', sales: 'Umsatz', units_returned: 'Zurück', amount_refunded: 'Erstattet', on_time: 'Pünktlich versandt', of: '{part} von {all}', sales_hint: 'Umsatz ist, was die nicht stornierten Stücke kosten, ohne Versand. Nach Kategorie zählt eine Bestellung in jeder ihrer Kategorien.',
  },
  fr: {
    text: 'Des commandes passées pendant cette période (jours en UTC). Elles ne contiennent aucune donnée personnelle : un rapport reste le même une fois les acheteurs oubliés.', from: 'Du', to: 'Au', group: 'Par', group_day: 'Jour', group_channel: 'Canal', group_category: 'Catégorie', measure: 'Graphique', csv: 'Télécharger le CSV', none: 'Aucune commande pendant cette période.', no_category: 'Sans catégorie', total: 'Ensemble',
    orders: 'Commandes', units: 'Pièces', sales: 'Ventes', units_returned: 'Retournées', amount_refunded: 'Remboursé', on_time: 'Expédiées à temps', of: '{part} sur {all}', sales_hint: 'Les ventes sont le prix des pièces non annulées, hors expédition. Par catégorie, une commande compte dans chacune de ses catégories.',
  },
});
