// Tables that sort on a click on their heads and can be filtered; commands that can be copied.
"use strict";

// What a cell is sorted by: its number, or its words; null if it is empty.
function key(cell) {
  const text = cell.dataset.number ?? cell.textContent.trim();
  if (text === "" || text === "nan") return null;
  const number = Number(text.replace(/%$/, "").replace("−", "-"));
  return Number.isNaN(number) ? text : number;
}

function compare(x, y) {
  if (typeof x === "number" && typeof y === "number") return x - y;
  return String(x).localeCompare(String(y), "en", { numeric: true });
}

function sort(table, column, head) {
  const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: key(row.cells[column]) }));
  // Empty cells stay last whichever way; equal ones keep their order.
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
    return sign * compare(a.key, b.key);
  });
  body.append(...rows.map(({ row }) => row));
}

// Tables out of Markdown come without classes: numbers to the right, sentences may break.
for (const table of document.querySelectorAll(".note table")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const cells = [...table.tBodies[0].rows].map((row) => row.cells[column]);
    const keys = cells.map(key).filter((x) => x !== null);
    if (keys.length && keys.every((x) => typeof x === "number")) {
      for (const cell of [head, ...cells]) cell.classList.add("number");
    }
    for (const cell of cells) cell.classList.toggle("long", cell.textContent.length > 24);
  });
}

for (const table of document.querySelectorAll("table.sorts")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, column, head));
  });
}

for (const input of document.querySelectorAll("input.filter")) {
  const rows = [...input.closest(".block").querySelector("tbody").rows];
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
    }
  });
}

for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", () => {
    navigator.clipboard?.writeText(button.previousElementSibling.textContent);
    button.textContent = "Copied";
  });
}

// The explorer comes within this page, so that the link works wherever the file goes.
document.getElementById("explorer").href = URL.createObjectURL(
  new Blob([JSON.parse(document.getElementById("explorer-page").textContent)], { type: "text/html" }),
);
