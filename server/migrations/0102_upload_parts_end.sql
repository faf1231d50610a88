-- Uploads grow into their object; what lay in parts of their own cannot be gone on with. The sweep takes its bytes away.
update upload set state = 'refused', problem = 'upload_broken', writer = null where state = 'open';
drop table upload_part;
