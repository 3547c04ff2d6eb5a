"""What is asked of the layout of any page; the way from one setting of the explorer to another."""

# Change the address and wait until the page has heard of it.
GO = """(to) => new Promise((done) => {
  if (location.hash === to) return done();
  addEventListener("hashchange", () => done(), { once: true });
  location.hash = to;
})"""

OVERLAPS = """() => {
  // Boxes of all texts, cut to what the scrolling boxes around them show.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!node.textContent.trim() || node.parentElement.closest("script, style, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const box = { left, right, top: top + 2, bottom: bottom - 2, text: node.textContent.trim() };
      for (let around = node.parentElement; around; around = around.parentElement) {
        const style = getComputedStyle(around);
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        if (around === document.body || around === document.documentElement) continue;
        const cut = around.getBoundingClientRect();
        box.left = Math.max(box.left, cut.left);
        box.right = Math.min(box.right, cut.right);
        box.top = Math.max(box.top, cut.top);
        box.bottom = Math.min(box.bottom, cut.bottom);
      }
      if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push(box);
    }
  }
  const found = [];
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 1) found.push(`${a.text} | ${b.text}`);
  }));
  return [found, boxes.length];
}"""


def overlaps(page):
    """Pairs of texts that lie on each other; there must be texts at all."""
    found, n_texts = page.evaluate(OVERLAPS)
    assert n_texts > 10
    return found


def sideways(page):
    """How far the page scrolls to the side, in pixels."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
