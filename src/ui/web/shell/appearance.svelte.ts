// Light, dark or the system's; dense or normal rows. Kept in this browser.
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'normal' | 'compact';
const dark = matchMedia('(prefers-color-scheme: dark)');
export const appearance = $state<{ theme: Theme; density: Density }>({
  theme: (localStorage.getItem('theme') as Theme | null) ?? 'system',
  density: (localStorage.getItem('density') as Density | null) ?? 'normal',
});

function apply(): void {
  const root = document.documentElement;
  root.dataset['theme'] = appearance.theme === 'system' ? (dark.matches ? 'dark' : 'light') : appearance.theme;
  root.dataset['density'] = appearance.density;
}
export function setTheme(theme: Theme): void {
  appearance.theme = theme;
  localStorage.setItem('theme', theme);
  apply();
}
export function setDensity(density: Density): void {
  appearance.density = density;
  localStorage.setItem('density', density);
  apply();
}
export function startAppearance(): void {
  apply();
  dark.addEventListener('change', apply);
}
