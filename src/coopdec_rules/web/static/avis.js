// Copies the link of an avis; without JavaScript the field is there to be copied by hand.
"use strict";
for (const button of document.querySelectorAll("[data-copier]")) {
  const field = document.getElementById(button.dataset.copier);
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Lien copié";
    } catch {
      button.textContent = "Lien choisi : copiez-le";
    }
    setTimeout(() => { button.textContent = said; }, 4000);
  });
}
