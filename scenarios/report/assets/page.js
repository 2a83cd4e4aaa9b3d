// Works in every form of the page: the address may name the language (#en, #zh), and screen readers learn it.
const switches = document.querySelectorAll('input[name="language"]');
const tell = () => {
  const chosen = document.querySelector('input[name="language"]:checked');
  document.documentElement.lang = chosen.value;
};
for (const input of switches) {
  if (location.hash === '#' + input.id.slice('language-'.length)) input.checked = true;
  input.addEventListener('change', tell);
}
tell();
