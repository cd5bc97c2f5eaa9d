// The words of families of units.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    text: 'What measurements are in. Amounts in one family convert into each other, so that 2 boxes and 24 pieces are found and sorted as the same. Add a family of your own, or units to one that is built in.',
    new_family: 'New family', family: 'Families of units', code: 'Code', code_hint: 'What attributes and values hold: letters, digits and _. It does not change later.', label: 'Label', symbol: 'Symbol', units: 'Units', standard: 'Standard unit', standard_hint: 'All amounts are compared in it.', kind: 'From', built_in: 'built in', own: 'your own', extended: 'built in, with your own units',
    add_unit: 'One more unit', without: 'Without {name}', steps: 'An amount in it becomes one in {standard} by', add_step: 'One more step', without_step: 'Without this step', is_standard: 'the standard unit', mul: '×', div: '÷', add: '+', sub: '−', mul_long: 'times', div_long: 'divided by', add_long: 'plus', sub_long: 'minus', operator: 'Step', conversion: 'Conversion', value: 'By',
    saved: 'Saved.', removed: 'Taken back.', remove: 'Take back', choose: 'choose', held: 'What a unit stands for stays while products have values in it; its label and symbol may change.',
  },
  nl: {
    text: 'Waarin gemeten wordt. Hoeveelheden van één familie zijn in elkaar om te rekenen, zodat 2 dozen en 24 stuks als hetzelfde worden gevonden en gesorteerd. Voeg een eigen familie toe, of eenheden aan een die er al is.',
    new_family: 'Nieuwe familie', family: 'Families van eenheden', code: 'Code', code_hint: 'Wat kenmerken en waarden bevatten: letters, cijfers en _. Hij verandert later niet.', label: 'Label', symbol: 'Symbool', units: 'Eenheden', standard: 'Standaardeenheid', standard_hint: 'Alle hoeveelheden worden hierin vergeleken.', kind: 'Herkomst', built_in: 'ingebouwd', own: 'eigen', extended: 'ingebouwd, met eigen eenheden',
    add_unit: 'Nog een eenheid', without: 'Zonder {name}', steps: 'Een hoeveelheid hierin wordt er een in {standard} door', add_step: 'Nog een stap', without_step: 'Zonder deze stap', is_standard: 'de standaardeenheid', mul: '×', div: '÷', add: '+', sub: '−', mul_long: 'maal', div_long: 'gedeeld door', add_long: 'plus', sub_long: 'min', operator: 'Stap', conversion: 'Omrekening', value: 'Met',
    saved: 'Opgeslagen.', removed: 'Teruggenomen.', remove: 'Terugnemen', choose: 'kies', held: 'Waar een eenheid voor staat blijft zolang producten er waarden in hebben; label en symbool mogen veranderen.',
  },
  de: {
    text: 'Worin gemessen wird. Mengen einer Familie lassen sich ineinander umrechnen, sodass 2 Kartons und 24 Stück als dasselbe gefunden und sortiert werden. Fügen Sie eine eigene Familie hinzu, oder Einheiten zu einer eingebauten.',
    new_family: 'Neue Familie', family: 'Familien von Einheiten', code: 'Code', code_hint: 'Was Merkmale und Werte enthalten: Buchstaben, Ziffern und _. Er ändert sich später nicht.', label: 'Bezeichnung', symbol: 'Zeichen', units: 'Einheiten', standard: 'Standardeinheit', standard_hint: 'In ihr werden alle Mengen verglichen.', kind: 'Herkunft', built_in: 'eingebaut', own: 'eigene', extended: 'eingebaut, mit eigenen Einheiten',
    add_unit: 'Noch eine Einheit', without: 'Ohne {name}', steps: 'Eine Menge darin wird eine in {standard} durch', add_step: 'Noch ein Schritt', without_step: 'Ohne diesen Schritt', is_standard: 'die Standardeinheit', mul: '×', div: '÷', add: '+', sub: '−', mul_long: 'mal', div_long: 'geteilt durch', add_long: 'plus', sub_long: 'minus', operator: 'Schritt', conversion: 'Umrechnung', value: 'Um',
    saved: 'Gespeichert.', removed: 'Zurückgenommen.', remove: 'Zurücknehmen', choose: 'wählen', held: 'Wofür eine Einheit steht, bleibt, solange Produkte Werte darin haben; Bezeichnung und Zeichen dürfen sich ändern.',
  },
  fr: {
    text: 'Ce en quoi l’on mesure. Les quantités d’une famille se convertissent entre elles : 2 boîtes et 24 pièces sont trouvées et triées comme égales. Ajoutez une famille à vous, ou des unités à une famille intégrée.',
    new_family: 'Nouvelle famille', family: 'Familles d’unités', code: 'Code', code_hint: 'Ce que contiennent les attributs et les valeurs : lettres, chiffres et _. Il ne change plus ensuite.', label: 'Libellé', symbol: 'Symbole', units: 'Unités', standard: 'Unité de référence', standard_hint: 'Toutes les quantités y sont comparées.', kind: 'Origine', built_in: 'intégrée', own: 'à vous', extended: 'intégrée, avec vos unités',
    add_unit: 'Une unité de plus', without: 'Sans {name}', steps: 'Une quantité dans cette unité en devient une en {standard} par', add_step: 'Une étape de plus', without_step: 'Sans cette étape', is_standard: 'l’unité de référence', mul: '×', div: '÷', add: '+', sub: '−', mul_long: 'fois', div_long: 'divisé par', add_long: 'plus', sub_long: 'moins', operator: 'Étape', conversion: 'Conversion', value: 'De',
    saved: 'Enregistré.', removed: 'Repris.', remove: 'Reprendre', choose: 'choisir', held: 'Ce que vaut une unité reste tant que des produits ont des valeurs dans cette unité ; libellé et symbole peuvent changer.',
  },
});
