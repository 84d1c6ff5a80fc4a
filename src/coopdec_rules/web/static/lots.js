// A file may be dropped anywhere on its frame; the wait is told.  Without this, the form is a form.
"use strict";
const depot = document.querySelector(".depot");
const fichier = document.getElementById("fichier");
const attente = document.getElementById("attente");
for (const nom of ["dragover", "dragleave", "drop"]) {
  depot.addEventListener(nom, (evenement) => {
    evenement.preventDefault();
    depot.classList.toggle("survol", nom === "dragover");
    if (nom === "drop" && evenement.dataTransfer.files.length) {
      fichier.files = evenement.dataTransfer.files;
      attente.textContent = `Fichier choisi : ${fichier.files[0].name}`;
    }
  });
}
fichier.form.addEventListener("submit", () => {
  attente.textContent = "Calcul en cours : le fichier des réponses se télécharge dès qu’il est prêt.";
});
const fautes = document.getElementById("fautes");
if (fautes) {
  fautes.focus();
}
