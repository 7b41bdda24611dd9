// Goes before boot.js, in one file with it. A browser that translates a page puts <font> elements in the place of its
// texts, and the app goes on writing into the texts that it made, which nobody sees any more: a price would stay what
// it was. So a text that is written anew takes its place again, and is translated from there.
{
  const places = new WeakMap();
  const isFont = (node) => node?.nodeName === "FONT";

  const rewritten = new MutationObserver((records) => {
    for (const { target } of records) {
      const place = places.get(target);
      places.delete(target);
      if (place?.isConnected && !target.isConnected) place.replaceWith(target);
    }
  });

  const replaced = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      const text = removedNodes[0];
      const place = [addedNodes[0], previousSibling, nextSibling].find(isFont);
      if (!place || text?.nodeType !== Node.TEXT_NODE || text.isConnected) continue;
      places.set(text, place);
      rewritten.observe(text, { characterData: true });
    }
  });
  replaced.observe(document, { childList: true, subtree: true });
}
