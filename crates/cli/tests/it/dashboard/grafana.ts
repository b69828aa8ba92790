import type { Dashboard, DataQuery, DataSourceRef, Panel } from '@grafana/schema';
import type { FieldConfig, Options } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** A value as JSON holds it: an enum is one of its texts. */
type Json<T> = 0 extends 1 & T ? T
  : T extends string ? `${T}`
  : T extends (infer Item)[] ? Json<Item>[]
  : T extends object ? { [Key in keyof T]: Json<T[Key]> }
  : T;

/** What a graph asks a Prometheus. */
type Query = Omit<DataQuery, 'datasource'> & {
  datasource: DataSourceRef;
  expr: string;
  legendFormat: string;
  editorMode: 'code';
  range: true;
};

/** A panel with what the general type leaves open closed: what graphs have. */
type Graph = Omit<Panel, 'type' | 'targets' | 'options' | 'fieldConfig'> & {
  type: 'timeseries';
  targets: Query[];
  options: Options;
  fieldConfig: {
    defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { custom: FieldConfig };
    overrides: [];
  };
};

export const dashboard: Json<Omit<Dashboard, 'panels'> & { panels: Graph[] }> =
