// Words of the product list that only some of its states need.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const lw = wordsOf({
  en: { similar_exact: 'Only the list shows similar ones: “all found” of a bulk edit, a task or an export means the words as they are typed, and those are nowhere. Correct the search, or select the rows you want.' },
  nl: { similar_exact: 'Alleen de lijst toont wat erop lijkt: “alles wat gevonden is” van een bulkbewerking, taak of export betekent de woorden zoals ze er staan, en die staan nergens. Verbeter de zoekopdracht of selecteer de rijen die je bedoelt.' },
  de: { similar_exact: 'Nur die Liste zeigt Ähnliches: „alles Gefundene“ einer Sammelbearbeitung, einer Aufgabe oder eines Exports meint die Wörter, wie sie dastehen, und die gibt es nirgends. Berichtigen Sie die Suche oder wählen Sie die gewünschten Zeilen aus.' },
  fr: { similar_exact: 'Seule la liste montre ce qui ressemble : « tout ce qui est trouvé » d’une modification en masse, d’une tâche ou d’un export désigne les mots tels qu’ils sont écrits, et ils ne sont nulle part. Corrigez la recherche ou sélectionnez les lignes voulues.' },
});
