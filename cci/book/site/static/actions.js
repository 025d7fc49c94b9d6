// What a chart offers that needs a script: the address of the chart on the clipboard, and its cell opened by its link.
(() => {
  "use strict";
  async function copy(button) {
    const said = button.parentElement.querySelector(".cci-said");
    const address = `${location.href.split("#")[0]}#${button.dataset.anchor}`;
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = "Link copied.";
    } catch {
      said.textContent = `Not copied: the browser forbids it. The address is ${address}`;
    }
  }

  for (const button of document.querySelectorAll(".cci-copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }

  // Browsers open what is folded around the target of a link by themselves, but not all of them do.
  for (const link of document.querySelectorAll('a.cci-action[href^="#"]')) {
    link.addEventListener("click", () => {
      const folded = document.getElementById(link.hash.slice(1))?.closest("details");
      if (folded) folded.open = true;
    });
  }
})();
