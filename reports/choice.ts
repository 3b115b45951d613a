/**
 * The policy that is set against the first. Colours, and what is shown of it alone, follow from a
 * style sheet that names it by its index; without the script that is the second policy.
 */
export function setUpChoice(
  id: string,
  onChoice: (policy: number) => void,
): { chosen: () => number } {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const buttons = [...document.querySelectorAll<HTMLElement>(`#${id} [data-choose]`)];
  let chosen = 1;
  for (const button of buttons) {
    button.addEventListener('click', () => {
      chosen = Number(button.dataset.choose);
      for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
      sheet.replaceSync(
        `#${id} .p1{color:var(--other)}#${id} .v1{display:none}` +
          `#${id} .p${chosen}{color:var(--second)}#${id} .v${chosen}{display:revert}`,
      );
      onChoice(chosen);
    });
  }
  return { chosen: () => chosen };
}
