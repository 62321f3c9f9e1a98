-- Hours of resources, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- When a resource is there: what its schedule says, or always. Whoever is asked to delete the schedule looks for resources, too; what
-- both have in common is their organization, which the service sees to.
ALTER TABLE resources ADD COLUMN schedule_id UUID, ADD FOREIGN KEY (organization_id, schedule_id) REFERENCES schedules (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX resources_by_schedule ON resources (organization_id, schedule_id);
