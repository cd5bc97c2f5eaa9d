// Where the focus goes when what had it is taken from the page: a bar of actions, a chip, a row; and back to a button
// that could not be pressed while it worked. Browsers forget it; then whoever works by keyboard starts anew at the page's top, and a screen reader falls silent.
const kFocusable = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]';
interface Place { parent: Node; next: Node | null }

export function keepFocus(main: HTMLElement, mayTake: () => boolean): () => void {
  let last: HTMLElement | null = null, places: Place[] = [], byKeyboard = true, waits = false; // until it is enabled again
  const remember = ({ target }: Pick<FocusEvent, 'target'>): void => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    waits = false;
    places = [];
    for (let node: Node = target; node.parentNode && node !== document.body; node = node.parentNode) places.push({ parent: node.parentNode, next: node.nextSibling });
  };
  const restore = (): void => {
    const gone = last;
    if (!gone || gone.isConnected || document.activeElement !== document.body) return;
    last = null;
    const root = [...document.querySelectorAll<HTMLElement>('dialog:modal')].at(-1) ?? main;
    if (!byKeyboard || !mayTake()) return;
    const { parent, next } = places.find((place) => place.parent.isConnected) ?? { parent: root, next: null };
    const all = [...root.querySelectorAll<HTMLElement>(kFocusable)].filter((one) => one.tabIndex >= 0 && one.checkVisibility());
    const behind = (one: Node): boolean => next !== null && next.isConnected && (next.contains(one) || (next.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
    const after = (one: Node): boolean => (parent.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && !parent.contains(one);
    if (gone.closest('dialog')) root.focus({ preventScroll: true }); // what had opened it is gone as well
    else (all.find(behind) ?? all.findLast((one) => parent.contains(one)) ?? all.find(after) ?? root).focus({ preventScroll: true });
  };
  // A telephone's keyboard shall not come up because somebody tapped on something that goes away.
  const pointed = (): void => { byKeyboard = waits = false; };
  const typed = (): void => { byKeyboard = true; };
  const watcher = new MutationObserver(() => {
    if (!last) return;
    if (!last.isConnected) requestAnimationFrame(restore);
    else if (last.matches(':disabled')) waits = true;
    else if (waits) {
      waits = false;
      if (document.activeElement === document.body && byKeyboard) last.focus({ preventScroll: true });
    }
  });
  watcher.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  document.addEventListener('focusin', remember);
  remember({ target: document.activeElement });
  addEventListener('pointerdown', pointed, true);
  addEventListener('keydown', typed, true);
  return () => {
    watcher.disconnect();
    document.removeEventListener('focusin', remember);
    removeEventListener('pointerdown', pointed, true);
    removeEventListener('keydown', typed, true);
  };
}
