
"use strict";
// A table whose rows can be sorted by any column and filtered; without this it is a table all the same.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
    const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
    const isNumber = head.matches(".number, .count");
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      // Numbers are wanted from the highest down, names from the first on.
      const isDown = before === "none" ? isNumber : before === "ascending";
      for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      const order = (a, b) => isNumber
        ? (parseFloat(key(a)) || 0) - (parseFloat(key(b)) || 0)
        : key(a).localeCompare(key(b), undefined, {numeric: true});
      // Rows that are equal stay as they were, in both directions.
      body.append(...[...body.rows].sort((a, b) => (isDown ? order(b, a) : order(a, b))));
    });
  }
  const filters = document.getElementById(table.dataset.filters);
  if (!filters) continue;
  filters.hidden = false;
  const fields = [...filters.querySelectorAll("input, select")];
  const count = filters.querySelector("output");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();  // "e" finds "ë"
  const apply = () => {
    let number = 0;
    for (const row of body.rows) {
      row.hidden = !fields.every((field) => {
        const wanted = plain(field.value.trim());
        const there = plain(row.dataset[field.name] ?? row.cells[0].textContent);
        if (!wanted) return true;
        return field.tagName === "SELECT" ? there.split("\n").includes(wanted) : there.includes(wanted);
      });
      number += !row.hidden;
    }
    count.textContent = count.dataset.text.replace("{number}", number);
  };
  for (const field of fields) field.addEventListener("input", apply);
  apply();
}
