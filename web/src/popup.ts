// The popup of a feature: its name, its layer, its values. Built from nodes, so that names cannot become markup.
import { inLanguage } from './language';
import type { FeatureRow, Language, LayerData } from './page_data';

export function popupContent(layer: LayerData, feature: FeatureRow, language: Language): HTMLElement {
  const box = element('div', 'popup');
  box.append(element('h4', '', inLanguage(feature[1], language)));
  box.append(element('p', 'layer', inLanguage(layer.title, language)));
  if (layer.columns.length > 0) {
    const table = element('table', '');
    layer.columns.forEach((title, column) => {
      const row = element('tr', '');
      row.append(element('th', '', inLanguage(title, language)));
      row.append(element('td', '', inLanguage(feature[3][column] ?? '', language)));
      table.append(row);
    });
    box.append(table);
  }
  return box;
}

function element(tag: string, className: string, words = ''): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = words;
  return made;
}
